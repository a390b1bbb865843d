"""A stand-in with one customer, for tests of the client."""

import io
import sys
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from odoo.addons.crm_sign_docusign.providers.docusign_session import (  # noqa: E402
    DocusignConfig,
)

from tests.standins.docusign import DocusignStandin, make_keys  # noqa: E402


def make_pdf(pages=1, size=(595, 842)):
    output = io.BytesIO()
    drawing = canvas.Canvas(output, pagesize=size, invariant=True)
    for number in range(pages):
        drawing.drawString(72, size[1] - 72, f"Page {number + 1}")
        drawing.showPage()
    drawing.save()
    return output.getvalue()


@pytest.fixture(scope="session")
def keys():
    return make_keys()


@pytest.fixture
def clock():
    """A time that a test moves; shared by client and stand-in."""

    class Clock:
        seconds = 1_790_000_000.0

        def __call__(self):
            return self.seconds

    return Clock()


@pytest.fixture
def standin(clock):
    with DocusignStandin(now=clock) as server:
        yield server


@pytest.fixture
def customer(standin, keys):
    return standin.add_account(keys[1], hmac_keys=["first", "second"])


@pytest.fixture
def config(standin, customer, keys):
    return DocusignConfig(
        oauth_url=standin.base_url,
        integration_key=customer["integration_key"],
        user_guid=customer["user"],
        private_key=keys[0],
        guard_private=False,
    )
