import json
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models

from .. import const
from ..lib import minor_units
from ..lib.link_state import State
from ..lib.stripe_intent import ChargeRequest, build_charge_v1


class CrmPaymentLink(models.Model):
    """Means left by the client, and charges made with them while he is away."""

    _inherit = "crm.payment.link"

    consent_text = fields.Text(readonly=True)
    consent_at = fields.Datetime(readonly=True)
    consent_ip = fields.Char(readonly=True)
    charge_token_id = fields.Many2one(
        "payment.token",
        string="Saved Means Charged",
        readonly=True,
        ondelete="set null",
        groups="account.group_account_invoice,base.group_system",
    )

    # === Saving the means of a page === #

    @api.model
    def _get_consent_text(self, company):
        """What a client reads and agrees to when he leaves his means with us."""
        return self.env._(
            "I allow %(company)s to keep this means of payment with Stripe and to"
            " charge to it the amounts of my later invoices and instalments, on their"
            " due dates. I can take this back at any time, at the address given in"
            " each receipt. For a bank account, this is a SEPA mandate: I may ask my"
            " bank to pay a debit back within eight weeks.",
            company=company.name,
        )

    @api.model
    def _prepare_consent(self, company, is_given, ip):
        """Return what is kept of the box the client ticked, or did not."""
        return {
            "consent_text": is_given and self._get_consent_text(company),
            "consent_at": is_given and fields.Datetime.now(),
            "consent_ip": is_given and ip,
        }

    def _set_consent(self, values):
        """The page must be the one for what the client ticked.

        :param dict values: from `_prepare_consent`
        """
        self.ensure_one()
        page = self.transaction_id
        if bool(values["consent_text"]) == page.saves_means:
            return
        self.write(values)
        is_open = self.state in (State.CREATING.value, State.WAITING.value)
        if is_open and page.state == "draft":
            page._set_canceled()
            self._ask_expire(page)
            self._ask_page()

    def _prepare_transaction_values(self):
        values = super()._prepare_transaction_values()
        values["saves_means"] = bool(self.consent_text)
        if token := self.charge_token_id:
            values.update(
                operation="offline",
                token_id=token.id,
                payment_method_id=token.payment_method_id.id,
                stripe_session_expires_at=False,
                saves_means=False,
            )
        return values

    def _prepare_session_request(self, transaction):
        request = super()._prepare_session_request(transaction)
        return replace(request, save_means=transaction.saves_means)

    # === Charging a saved means === #

    def _ask_page(self):
        if not self.charge_token_id:
            return super()._ask_page()
        transaction = self.env["payment.transaction"].create(
            self._prepare_transaction_values()
        )
        exchange = self.connection_id._enqueue(
            const.CALL_CHARGE,
            json.dumps({"params": self._prepare_charge_params(transaction)}).encode(),
            idempotency_key=f"{self.env.cr.dbname}-{transaction.reference}-{self.token_digest[:12]}",
            record=transaction,
        )
        return self.write(
            {
                "transaction_id": transaction.id,
                "exchange_id": exchange.id,
                "state": State.CREATING.value,
            }
        )

    def _prepare_charge_params(self, transaction):
        token, currency = self.charge_token_id, self.currency_id.name
        return build_charge_v1(
            ChargeRequest(
                amount_minor=minor_units.to_minor(Decimal(str(self.amount)), currency),
                currency=currency,
                customer_id=token.provider_ref,
                method_id=token.stripe_payment_method,
                method_type=token.means_type or "card",
                mandate=token.stripe_mandate or "",
                description=self.description,
                metadata=self._prepare_metadata(transaction),
            )
        )

    def _fall_back_to_page(self, reason):
        """The bank wants to see the client: a page, and a mail that leads to it."""
        self.ensure_one()
        page = self.transaction_id
        if page.state in ("draft", "pending"):
            page._set_canceled()
        self.charge_token_id = False
        self._ask_page()
        document = self._get_document()
        template = document._get_payment_link_template()
        message = self.env._(
            "The bank wants the customer to confirm the payment himself (%(reason)s).",
            reason=reason,
        )
        if template and self.partner_id.email_normalized:
            template.send_mail(document.id)
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
            message += " " + self.env._("He was sent the link by mail.")
        else:
            message += " " + self.env._("Send him the link: he has no mail address.")
        self._post(message)

    # === Pages that ended before a newer one opened === #

    def _get_pages_to_ask(self):
        """Pages whose end Stripe never told: one of them may have been paid."""
        return self.transaction_ids.filtered(
            lambda page: page.stripe_session_id and not page.stripe_page_is_over
        )

    # === Numbers for screens === #

    def _describe_refunds(self):
        """One line per refund and where it is; empty when there is none."""
        states = {
            "draft": self.env._("asked for"),
            "pending": self.env._("on its way"),
            "done": self.env._("done"),
            "error": self.env._("failed"),
            "cancel": self.env._("canceled"),
        }
        # sudo: states of refunds tell nothing about means of payment
        refunds = self.sudo().transaction_ids.child_transaction_ids.filtered(
            lambda child: child.operation == "refund" and not child.is_lost_dispute
        )
        return "\n".join(
            self.env._(
                "Refund of %(amount)s: %(state)s",
                amount=refund.currency_id.format(-refund.amount),
                state=states.get(refund.state, refund.state),
            )
            for refund in refunds.sorted("id")
        )
