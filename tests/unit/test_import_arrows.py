"""Arrows point inwards: lib <- providers <- models <- controllers, wizards."""

from pathlib import Path

import pytest

from tests.unit.arrows import Addon, check_addon, check_source, our_addons

BILLING = Addon(
    "crm_billing", frozenset({"crm", "crm_integrations", "crm_base"}), {"stripe"}
)


@pytest.mark.parametrize("addon", our_addons())
def test_no_arrow_points_outwards(addon):
    troubles = check_addon(addon)
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("lib/a.py", "from odoo import fields"),
        ("lib/a.py", "import requests"),
        ("lib/a.py", "import stripe"),
        ("lib/a.py", "import random"),
        ("lib/a.py", "def f():\n    import socket"),
        ("lib/a.py", "import urllib.request"),
        ("lib/a.py", "from urllib import request"),
        ("lib/a.py", "from datetime import datetime\nNOW = datetime.now()"),
        ("lib/a.py", "import datetime\nDAY = datetime.date.today()"),
        ("lib/a.py", "from ..models import crm_lead"),
        ("lib/deep/a.py", "from ...providers import client"),
        ("lib/a.py", "from odoo.addons.crm_base.models import crm_secret"),
        ("lib/a.py", "from odoo.addons.crm_sign.lib import evidence"),
        ("providers/a.py", "from odoo.exceptions import UserError"),
        ("providers/a.py", "import openai"),
        ("providers/a.py", "from ..models import crm_lead"),
        ("models/a.py", "from ..controllers import main"),
        ("models/a.py", "from odoo.addons.crm_sign.models import crm_sign"),
        ("controllers/a.py", "from ..lib import signature"),
        ("controllers/a.py", "from .. import providers"),
        ("wizards/a.py", "from ..providers.client import Client"),
    ],
)
def test_a_forbidden_import_is_found(path, source):
    assert check_source(BILLING, Path(path), source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("lib/a.py", "import datetime, hashlib\nfrom decimal import Decimal"),
        ("lib/a.py", "from dateutil.relativedelta import relativedelta"),
        ("lib/a.py", "from urllib.parse import urlsplit"),
        ("lib/a.py", "from .money import Money\nfrom . import period"),
        ("lib/a.py", "from odoo.addons.crm_base.lib.money import Money"),
        ("providers/a.py", "import stripe\nimport requests"),
        ("providers/a.py", "from ..lib.mapping import to_session"),
        ("providers/a.py", "from odoo.addons.crm_base.providers.http import X"),
        ("models/a.py", "from odoo import models\nfrom ..lib import mapping"),
        ("models/a.py", "from ..providers.client import Client"),
        ("models/a.py", "from odoo.addons.crm.models import crm_lead"),
        ("controllers/a.py", "from odoo import http\nfrom odoo.http import request"),
        ("controllers/a.py", "from odoo.addons.payment_stripe import const"),
    ],
)
def test_an_allowed_import_is_left_alone(path, source):
    addon = Addon(BILLING.name, BILLING.closure | {"payment_stripe"}, BILLING.sdks)
    assert check_source(addon, Path(path), source) == []
