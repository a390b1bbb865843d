"""Real servers on a copy of a database, to be killed and doubled at will.

By default everything comes from the launcher's workspace. To try them on another
Odoo set CRM_ODOO_CMD (command line of Odoo, configuration included), CRM_E2E_TEMPLATE
(database holding crm_integrations_test, copied for each test) and the PG* variables.
"""

import importlib.util
import os
import shlex
from pathlib import Path

import pytest

from tests.e2e.stripe_world import stripe_standin

from .site import Site

ROOT = Path(__file__).resolve().parents[3]


def _load_receiver():
    path = ROOT / "tests" / "addons" / "crm_integrations_test" / "receiver.py"
    spec = importlib.util.spec_from_file_location("crm_test_receiver", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


receiver_module = _load_receiver()


@pytest.fixture(scope="session")
def receiver_class():
    """The partner that honours idempotency keys."""
    return receiver_module.Receiver


@pytest.fixture(scope="session")
def answer_class():
    """What a scripted partner answers."""
    return receiver_module.Answer


@pytest.fixture(scope="session")
def odoo_place(request):
    """(command of Odoo, environment, template database, functions copy and drop)."""
    if command := os.environ.get("CRM_ODOO_CMD"):
        return Site.place_from_env(shlex.split(command), os.environ)
    from launcher.testing.template import ensure_templates

    workspace = request.getfixturevalue("workspace")
    return Site.place_from_workspace(workspace, ensure_templates(workspace).suite)


@pytest.fixture
def site(odoo_place, tmp_path):
    with Site.opened(odoo_place, "exchange", tmp_path) as site:
        yield site


@pytest.fixture
def stripe(tmp_path):
    """A stand-in for Stripe that knows this database only."""
    with stripe_standin(tmp_path / "standin_stripe.txt") as stripe:
        yield stripe
