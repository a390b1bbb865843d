import json
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from .. import const
from ..lib import minor_units
from ..lib.link_state import Fact, State


class PaymentTransaction(models.Model):
    """Money that goes back: asked for here, or taken by the client's bank."""

    _inherit = "payment.transaction"

    is_lost_dispute = fields.Boolean(
        readonly=True, help="The client's bank took this back after a dispute."
    )
    refund_reason = fields.Char(readonly=True)

    # === Refunds asked for from here === #

    def _get_refundable_amount(self):
        """What can still be given back of one payment."""
        self.ensure_one()
        if self.state != "done" or self.operation == "refund":
            return 0.0
        back = self.child_transaction_ids.filtered(
            lambda child: (
                child.operation == "refund" and child.state not in ("error", "cancel")
            )
        )
        # Amounts of refunds are negative.
        return max(self.currency_id.round(self.amount + sum(back.mapped("amount"))), 0)

    def _ask_refund(self, amount, reason):
        """Write a refund and the message that asks Stripe for it.

        :param reason: one of Stripe's words, or empty
        :return: the transaction of the refund, waiting for the answer
        """
        self.ensure_one()
        # Two clicks at once must not give back twice.
        self.lock_for_update()
        self.invalidate_recordset(["child_transaction_ids"])
        left = self._get_refundable_amount()
        if amount <= 0 or self.currency_id.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(left)s at most can be given back of this payment.",
                    left=self.currency_id.format(left),
                )
            )
        child = self._create_child_transaction(
            amount, is_refund=True, refund_reason=reason
        )
        minor = minor_units.to_minor(Decimal(str(amount)), self.currency_id.name)
        params = {
            "payment_intent": self.provider_reference,
            "amount": minor,
            "metadata": {
                "reference": child.reference,
                "database": self.env.cr.dbname,
            },
        }
        if reason:
            params["reason"] = reason
        self.payment_link_id.connection_id._enqueue(
            const.CALL_REFUND,
            json.dumps({"params": params}).encode(),
            idempotency_key=f"{self.env.cr.dbname}-{child.reference}-{child.id}",
            record=child,
            personal=False,
        )
        return child

    def _receive_own_refund(self, refund):
        """Stripe answered to a refund of ours.

        :param refund: a `RefundNews`
        """
        self.ensure_one()
        source = self.source_transaction_id
        if not self.provider_reference:
            self.provider_reference = refund.refund_id
        source._update_refund(self, refund)
        source._count_refunds()

    def _count_refunds(self):
        """Tell the link how much has gone back for sure."""
        done = self.child_transaction_ids.filtered(
            lambda child: child.operation == "refund" and child.state == "done"
        )
        total = sum((Decimal(str(-child.amount)) for child in done), Decimal(0))
        minor = minor_units.to_minor(total, self.currency_id.name)
        self.payment_link_id._receive_refunded(self, minor, is_exact=True)

    def _refuse_refund(self, reason):
        """Stripe will not give this back: the document says so."""
        self.ensure_one()
        source = self.source_transaction_id
        if self.state != "error":
            self._set_error(reason)
        source.payment_link_id._post(
            self.env._(
                "The refund of %(amount)s was refused: %(reason)s Give the money back"
                " by transfer, or try again.",
                amount=self.currency_id.format(-self.amount),
                reason=reason,
            )
        )

    def _update_refund(self, child, refund):
        was_done = child.state == "done"
        result = super()._update_refund(child, refund)
        if was_done and child.state == "error":
            child._undo_refund_entry()
        return result

    def _undo_refund_entry(self):
        """The money came back to us: the refund that was posted never was."""
        payment = self.payment_id
        if payment.state in ("in_process", "paid") and not payment.is_matched:
            payment.action_draft()
            payment.action_cancel()
        self.source_transaction_id.payment_link_id._post(
            self.env._(
                "The refund of %(amount)s failed at the customer's bank: the money is"
                " back. Refund it by transfer.",
                amount=self.currency_id.format(-self.amount),
            )
        )

    # === Disputes === #

    def _receive_lost_dispute(self, news):
        """The bank took the money back for good: the invoice is due again."""
        self.ensure_one()
        link = self.payment_link_id
        reason = self.env._("The dispute is lost: the bank took it back.")
        taken = float(minor_units.from_minor(news.amount_minor, news.currency))
        link.write(
            {
                "state": State.DISPUTED.value,
                "state_reason": reason,
                "dispute_status": "lost",
                "refunded_amount": min(link.refunded_amount + taken, link.amount),
            }
        )
        link._tell_document(False)
        known = self.child_transaction_ids.filtered(
            lambda child: child.provider_reference == news.dispute_id
        )
        if known:
            return
        child = self._create_child_transaction(
            taken,
            is_refund=True,
            provider_reference=news.dispute_id,
            is_lost_dispute=True,
        )
        child._set_done()
        child._book_payment()

    def _release_disputed_payment(self):
        """Let go of the invoices that the lost payment had settled.

        What was not disputed of it settles them again.
        """
        if not self.is_lost_dispute:
            return
        payment = self.source_transaction_id.payment_id
        lines = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == payment.destination_account_id
        )
        lines.remove_move_reconcile()

    def _reconcile_refund(self, payment):
        result = super()._reconcile_refund(payment)
        if self.is_lost_dispute:
            source = self.source_transaction_id.payment_id
            account = source.destination_account_id
            moves = self.source_transaction_id.invoice_ids | source.move_id
            lines = moves.filtered(lambda m: m.state == "posted").line_ids.filtered(
                lambda line: line.account_id == account and not line.reconciled
            )
            if source.move_id in lines.move_id and len(lines.move_id) > 1:
                lines.reconcile()
        return result

    # === Saved means === #

    def _keep_means(self, news):
        """Keep the means the client agreed to leave, once.

        :param news: an `IntentNews`
        """
        self.ensure_one()
        link = self.payment_link_id
        if self.token_id or not (news.customer_id and news.method_id):
            return
        method = self.env["payment.method"]._get_from_code(
            news.method_type, mapping={"sepa_direct_debit": "sepa_debit"}
        )
        self.token_id = self.env["payment.token"].create(
            {
                "provider_id": self.provider_id.id,
                "payment_method_id": (method or self.payment_method_id).id,
                "payment_details": news.last4,
                "partner_id": self.partner_id.commercial_partner_id.id,
                "provider_ref": news.customer_id,
                "stripe_payment_method": news.method_id,
                "stripe_mandate": news.mandate,
                "means_type": news.method_type,
                "means_brand": news.brand,
                "consent_text": link.consent_text,
                "consent_at": link.consent_at,
                "consent_ip": link.consent_ip,
                "consent_link_id": link.id,
            }
        )
        link._post(
            self.env._(
                "The customer left his means of payment (%s) for later charges.",
                self.token_id.means_label,
            )
        )

    def _refuse_charge(self, means_is_dead, message):
        """The bank refused to charge a saved means."""
        self.ensure_one()
        link, token = self.payment_link_id, self.token_id
        reason = self.env._(
            "The bank refused to charge %(means)s: %(message)s",
            means=token.means_label or "",
            message=message,
        )
        if self.state in ("draft", "pending"):
            self._set_error(reason)
        if self == link.transaction_id:
            link._learn(Fact.PAYMENT_FAILED, reason=reason)
        if means_is_dead:
            token._withdraw(self.env._("The bank refuses it: %s", message))
