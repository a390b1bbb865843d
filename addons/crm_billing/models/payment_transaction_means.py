import json
from datetime import timedelta

from odoo import api, fields, models

from .. import const
from ..lib.link_state import Fact
from ..lib.stripe_intent import MEANS_IS_DEAD

# A receipt for a payment found out long afterwards would only surprise.
RECEIPT_DAYS = 3
DOTS = "\u2022" * 4


class PaymentTransaction(models.Model):
    """With what a payment was made, and the receipt of it."""

    _inherit = "payment.transaction"

    means_type = fields.Char(readonly=True)
    means_brand = fields.Char(readonly=True)
    means_last4 = fields.Char(string="Last Digits", readonly=True)
    means_label = fields.Char(string="Paid With", compute="_compute_means_label")
    stripe_charge_id = fields.Char(readonly=True, index="btree_not_null")
    saves_means = fields.Boolean(
        string="Means Saved with It",
        readonly=True,
        help="The page was opened to keep the means for later charges.",
    )
    stripe_page_is_over = fields.Boolean(
        readonly=True, help="Stripe has told the end of this page."
    )

    _open_page_idx = models.Index(
        "(create_date) WHERE stripe_session_id IS NOT NULL"
        " AND stripe_page_is_over IS NOT TRUE"
    )

    @api.depends("means_type", "means_brand", "means_last4")
    def _compute_means_label(self):
        for transaction in self:
            transaction.means_label = transaction._describe_means(
                transaction.means_type, transaction.means_brand, transaction.means_last4
            )

    @api.model
    def _describe_means(self, kind, brand, last4):
        """Return how a means is named on receipts and screens, or False."""
        if not kind:
            return False
        names = {
            "card": self.env._("%s card", (brand or "").capitalize()).strip(),
            "sepa_debit": self.env._("SEPA direct debit"),
        }
        name = names.get(kind) or kind.replace("_", " ").capitalize()
        return f"{name} {DOTS} {last4}" if last4 else name

    # === Asking Stripe === #

    def _receive_fact(self, fact, news, *, by_check=False, at=None):
        result = super()._receive_fact(fact, news, by_check=by_check, at=at)
        if fact != Fact.PROCESSING and not self.stripe_page_is_over:
            self.stripe_page_is_over = True
        if self.state in ("pending", "done") and not self.stripe_charge_id:
            self._ask_intent()
        return result

    def _ask_intent(self):
        """Ask with what it was paid: neither the page nor its events tell."""
        intent = self.provider_reference or ""
        if not intent.startswith("pi_"):
            return
        self.payment_link_id.connection_id._enqueue(
            const.CALL_INTENT,
            json.dumps({"payment_intent": intent}).encode(),
            idempotency_key=f"{intent}-means-{self.state}",
            record=self,
            personal=False,
        )

    def _receive_intent(self, news):
        """Take over what a payment intent tells.

        :param news: an `IntentNews`
        """
        self.ensure_one()
        if not self.stripe_session_id:
            # No page: the intent itself tells how the payment went.
            self._receive_charge(news)
        if news.charge_id and news.charge_id != self.stripe_charge_id:
            self.write(
                {
                    "stripe_charge_id": news.charge_id,
                    "means_type": news.method_type,
                    "means_brand": news.brand,
                    "means_last4": news.last4,
                }
            )
        if self.saves_means and self.state in ("pending", "done"):
            self._keep_means(news)
        self._offer_receipt()

    def _receive_charge(self, news):
        if not self.provider_reference:
            self.provider_reference = news.payment_intent_id
        if news.fact == Fact.PAYMENT_FAILED:
            self._refuse_charge(news.error_code in MEANS_IS_DEAD, news.error_message)
        elif news.fact:
            self._receive_fact(news.fact, news)

    # === Receipt === #

    def _book_payment(self):
        # Core would confirm an invoice that we took back: the money is a deposit.
        for transaction in self.filtered(lambda tx: tx.payment_link_id.move_id):
            gone = transaction.invoice_ids.filtered(lambda m: m.state != "posted")
            transaction.invoice_ids -= gone
        result = super()._book_payment()
        for transaction in self:
            if transaction.stripe_charge_id:
                transaction._offer_receipt()
        return result

    def _offer_receipt(self):
        """Have the receipt sent, once, when there is a payment to confirm."""
        self.ensure_one()
        payment, company = self.payment_id, self.company_id
        since = fields.Datetime.now() - timedelta(days=RECEIPT_DAYS)
        paid_at = self.payment_link_id.paid_at
        if (
            self.state == "done"
            and self.operation != "refund"
            and payment
            and company.payment_link_receipt_mail
            and paid_at
            and paid_at >= since
        ):
            payment._ask_receipt_mail()
