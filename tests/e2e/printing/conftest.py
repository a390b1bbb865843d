"""Real servers that print, to be killed at will."""

import pytest

from tests.e2e.exchange.conftest import odoo_place  # noqa: F401 - a fixture
from tests.e2e.exchange.site import Site


@pytest.fixture
def site(odoo_place, tmp_path):  # noqa: F811 - the fixture above
    with Site.opened(odoo_place, "printing", tmp_path) as site:
        yield site
