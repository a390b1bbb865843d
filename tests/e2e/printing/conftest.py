"""Real servers that print, to be killed at will."""

import uuid

import pytest

from tests.e2e.exchange.conftest import odoo_place  # noqa: F401 - a fixture
from tests.e2e.exchange.site import Site


@pytest.fixture
def site(odoo_place, tmp_path):  # noqa: F811 - the fixture above
    """A fresh database and the means to run servers on it; all gone afterwards."""
    site = Site(odoo_place, f"printing_{uuid.uuid4().hex[:8]}", tmp_path)
    site.create()
    try:
        yield site
        site.check_logs()
    finally:
        site.destroy()
