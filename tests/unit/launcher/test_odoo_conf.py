import configparser
from pathlib import Path

import pytest

from launcher.odoo_conf import ServerSettings, write_conf
from launcher.paths import Paths
from launcher.postgres import Address, Postgres

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def server(tmp_path):
    return Postgres(Address("db", 5433, "crm", "secret"), tmp_path, None)


@pytest.mark.parametrize("production", [False, True])
def test_every_placeholder_is_filled_and_no_password_written(
    tmp_path, server, production
):
    target = tmp_path / "odoo.conf"
    settings = ServerSettings("lumen", http_port=8070, production=production)
    paths = Paths(ROOT, tmp_path, tmp_path)
    write_conf(target, paths, [Path("/a"), Path("/b c")], server, settings)
    conf = configparser.RawConfigParser()
    conf.read(target)
    assert conf["options"]["addons_path"] == "/a,/b c"
    assert conf["options"]["db_name"] == "lumen"
    assert conf["options"]["dbfilter"] == "^lumen$"
    assert conf["options"]["list_db"] == "False"
    assert conf["options"]["http_port"] == "8070"
    assert "secret" not in target.read_text()
    assert "${" not in target.read_text()
    assert target.stat().st_mode & 0o777 == 0o600


def test_server_for_everybody_is_reached_over_loopback():
    settings = ServerSettings("x", http_interface="0.0.0.0", http_port=80)  # noqa: S104
    assert settings.local_url == "http://127.0.0.1:80"
