"""A company, its seller, and a request ready to be sent."""

import io

from reportlab.pdfgen.canvas import Canvas

from odoo.tests import TransactionCase, new_test_user

from odoo.addons.crm_base.tests.common import SecretKeyMixin


def make_pdf(*pages: str) -> bytes:
    """Return a PDF with one line of text per page."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595.28, 841.89), invariant=True)
    for text in pages or ("Contrat",):
        canvas.drawString(72, 760, text)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


class SignMixin(SecretKeyMixin):
    """Requests of one company; put before TransactionCase or HttpCase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Agence Test"})
        cls.env.user.company_ids |= cls.company
        cls.seller = new_test_user(
            cls.env,
            "sign_seller",
            name="Sophie Martin",
            email="sophie@agence.example",
            groups="crm_base.crm_base_group_seller",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )

    @classmethod
    def make_request(cls, *signers, pdf=None, user=None, **values):
        """A draft of the seller with one document.

        :param signers: names or values of signers, in order
        """
        env = cls.env(user=user or cls.seller)
        request = env["crm.sign.request"].create({"name": "Contrat", **values})
        request._add_document("contrat.pdf", pdf or make_pdf())
        for number, signer in enumerate(signers or ("Marie Dupont",), start=1):
            if isinstance(signer, str):
                signer = {"name": signer, "order": number}
            first = signer["name"].split()[0].lower()
            env["crm.sign.signer"].create(
                {
                    "request_id": request.id,
                    "email": f"{first}@client.example",
                    "lang": "en_US",
                    **signer,
                }
            )
        return request.with_env(cls.env)


class SignCase(SignMixin, TransactionCase):
    """Without a server."""
