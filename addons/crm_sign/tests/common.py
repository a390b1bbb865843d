"""A company, its seller, and a request ready to be sent."""

import io
import re
from datetime import datetime, timedelta, timezone
from functools import cache

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import TransactionCase, new_test_user

from odoo.addons.crm_base.tests.common import SecretKeyMixin
from odoo.addons.crm_sign.lib.http_facts import HttpFacts
from odoo.addons.crm_sign.providers.company_certificate import make_company_ca

PASSPHRASE = "tests"
VISITOR = HttpFacts(ip="192.0.2.7", user_agent="Firefox on a phone")


@cache
def make_pkcs12() -> bytes:
    """Return a certificate made once: good keys take seconds."""
    return make_company_ca(
        "Agence Test",
        passphrase=PASSPHRASE.encode(),
        now=datetime.now(tz=timezone.utc) - timedelta(days=365),
    )


def make_pdf(*pages: str) -> bytes:
    """Return a PDF with one line of text per page."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595.28, 841.89), invariant=True)
    for text in pages or ("Contrat",):
        canvas.drawString(72, 760, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def make_png(ink="black") -> bytes:
    """Return a picture of a signature; white ink leaves it empty."""
    image = Image.new("RGBA", (240, 80), (255, 255, 255, 0))
    ImageDraw.Draw(image).line([(10, 60), (120, 15), (230, 65)], fill=ink, width=4)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


class SignMixin(SecretKeyMixin):
    """Requests of one company; put before TransactionCase or HttpCase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Agence Test"})
        cls.company.email = "agence@agence.example"
        # The sentences that the tests read are the English ones.
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company.partner_id.lang = "en_US"
        cls.env.user.company_ids |= cls.company
        cls.here = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.seller = new_test_user(
            cls.env,
            "sign_seller",
            name="Sophie Martin",
            email="sophie@agence.example",
            lang="en_US",
            groups="crm_base.crm_base_group_seller",
            **cls.here,
        )
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "lang": "en_US",
            }
        )

        cls.certificate = cls.env["crm.sign.certificate"].create(
            {"name": "Agence Test", "kind": "own_ca", "company_id": cls.company.id}
        )
        cls.certificate._keep(make_pkcs12(), PASSPHRASE)

    # === Requests === #

    @classmethod
    def make_request(cls, *signers, pdf=None, user=None, **values):
        """A draft of the seller with one document.

        :param signers: names or values of signers, one after another
        """
        env = cls.env(user=user or cls.seller)
        request = env["crm.sign.request"].create({"name": "Contrat", **values})
        request._add_document("contrat.pdf", pdf or make_pdf())
        for number, signer in enumerate(signers or ("Marie Dupont",), start=1):
            if isinstance(signer, str):
                signer = {"name": signer}
            first = signer["name"].split()[0].lower()
            env["crm.sign.signer"].create(
                {
                    "request_id": request.id,
                    "email": f"{first}@client.example",
                    "lang": "en_US",
                    "order": number,
                    **signer,
                }
            )
        return request.with_env(cls.env)

    @classmethod
    def send(cls, *signers, **values):
        """A request that was sent, and its signers."""
        request = cls.make_request(*signers, **values)
        request.with_user(cls.seller).action_send()
        return request, *request.signer_ids

    # === What a signer does === #

    def mails_to(self, address):
        """Mails that wait to be sent to somebody, the latest first."""
        mails = self.env["mail.mail"].sudo().search([], order="id desc", limit=50)
        return mails.filtered(lambda mail: address in (mail.email_to or ""))

    def read_link(self, signer):
        """The token of the last link mailed to a signer."""
        for mail in self.mails_to(signer.email):
            found = re.search(r"/sign/s/([\w-]+)", mail.body_html)
            if found:
                return found[1]
        return None

    def read_code(self, signer):
        """The last code mailed to a signer."""
        for mail in self.mails_to(signer.email):
            found = re.search(r">\s*(\d{6})\s*<", mail.body_html)
            if found:
                return found[1]
        return None

    def identify(self, signer, http=VISITOR):
        """Ask for a code and type it; the facts of the browser afterwards."""
        signer._send_code(http)
        session = signer._check_code(self.read_code(signer), http)
        return HttpFacts(http.ip, http.user_agent, session)

    def sign(self, signer, http=None, **values):
        """Sign as this person, code included."""
        if http is None:
            http = VISITOR
            if signer.code_channel != "none":
                http = self.identify(signer)
        values = {"consent": True, "signature": make_png(), **values}
        return signer._sign(values, http)


class SignCase(SignMixin, TransactionCase):
    """Without a server."""
