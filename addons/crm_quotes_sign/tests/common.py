from unittest.mock import patch

from odoo.tests import TransactionCase

from odoo.addons.crm_quotes.tests.common import QuoteMixin
from odoo.addons.crm_sign.tests.common import SignMixin, make_pdf


def print_quote(self, _report, _ids, *_args, **_more):
    """What an engine prints: the places of the signers on the copy to sign only."""
    names = self.env.context.get("quote_sign_names") or []
    places = [f"{{{{sign:{rank}}}}}" for rank in range(1, len(names) + 1)]
    return make_pdf(*places) if places else make_pdf("Devis"), "pdf"


class QuoteSignMixin(SignMixin, QuoteMixin):
    """A quotation, and what people do to sign it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_quotes()
        for user in (cls.seller, cls.manager):
            user.email = f"{user.login}@agence.example"
        cls.boss, cls.buyer = cls.env["res.partner"].create(
            [
                {"name": "Anne Patron", "email": "anne@techcorp.example"},
                {"name": "Bruno Achat", "email": "bruno@techcorp.example"},
            ]
        )

    def setUp(self):
        super().setUp()
        reports = self.env.registry["ir.actions.report"]
        self.enterContext(patch.object(reports, "_render_qweb_pdf", print_quote))

    def send_for_signature(self, *partners, order=None, user=None, **values):
        order = (order or self.order).with_user(user or self.seller)
        signers = [
            order._prepare_signer(partner, place)
            for place, partner in enumerate(partners or [self.boss], start=1)
        ]
        return order._send_for_signature(signers, **values).sudo()


class QuoteSignCase(QuoteSignMixin, TransactionCase):
    """Without a server."""
