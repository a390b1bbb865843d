import shutil

import pytest

from .proxy import Proxy, find_nginx
from .upstream import Upstream


@pytest.fixture(scope="session")
def upstreams():
    servers = Upstream("odoo"), Upstream("gevent")
    yield servers
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def proxy(upstreams, tmp_path_factory):
    """A real nginx with our template, one per test file: its counters are fresh."""
    if not find_nginx() or not shutil.which("openssl"):
        pytest.skip("nginx and openssl are needed to try the reverse proxy")
    odoo, websocket = upstreams
    running = Proxy(tmp_path_factory.mktemp("nginx"), odoo.address, websocket.address)
    yield running
    running.stop()
