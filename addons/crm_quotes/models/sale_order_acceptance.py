import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..lib.first_invoice import DEPOSIT, WHOLE, choose_first_invoice

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # An offer that has lapsed

    def _get_quote_expired_message(self):
        """Return why the quotation can no longer be accepted, empty while it can."""
        self.ensure_one()
        if self.state not in ("draft", "sent") or not self.is_expired:
            return ""
        return self.env._(
            "The quote %(name)s expired on %(day)s: it can no longer be accepted. Ask "
            "for a new one.",
            name=self.name,
            day=format_date(self.env, self.validity_date),
        )

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        # What the client paid or signed in time is confirmed by the server later.
        if message or self.env.su or not self.is_expired:
            return message
        return self.env._(
            "The quote %(name)s expired on %(day)s: it can no longer be accepted. Give "
            "it a new validity date and send it again.",
            name=self.name,
            day=format_date(self.env, self.validity_date),
        )

    # Accepted: the deal follows, then the deposit

    def action_confirm(self):
        result = super().action_confirm()
        for order in self:
            if order._keeps_quote_versions():
                order._note_quote_accepted()
        return result

    def _note_quote_accepted(self):
        """Keep what was accepted and carry the deal and the deposit on."""
        self.ensure_one()
        version = self._keep_quote_version("accepted")
        self._log_quote_event("accepted", version=version)
        self._win_opportunity()
        self._draft_first_invoice(self.company_id.quote_chain_is_on)

    def _win_opportunity(self):
        """The deal is won, at the untaxed amount the client accepted."""
        self.ensure_one()
        # sudo: the order may be accepted by the client, or by a colleague
        lead = self.sudo().opportunity_id
        if not lead:
            return
        # Computed anew: the order has just left the state of a quotation.
        lead.invalidate_recordset(["sale_amount_total"])
        values = {"expected_revenue": lead.sale_amount_total}
        if lead.won_status != "won":
            lead.action_set_won()
        lead.write(values)

    def _draft_first_invoice(self, is_wanted, is_signed=False):
        """Draft the first invoice of an accepted quotation, once.

        :param bool is_wanted: the company asks for it after such an acceptance
        :param bool is_signed: accepted by the signatures of all, not by a click
        """
        self.ensure_one()
        # sudo: the client who accepts sees no invoice, nor does a seller; in his name,
        # for the public user has no address to tell him from
        order = self.with_user(self._get_task_user()).sudo()
        if order.invoice_ids:
            return
        percent = order.company_id.quote_deposit_pct
        invoice = choose_first_invoice(is_wanted, is_signed, percent)
        if invoice == DEPOSIT:
            order._draft_deposit_invoice_safely()
        elif invoice == WHOLE:
            order._draft_whole_invoice_safely()

    def _draft_whole_invoice_safely(self):
        try:
            with self.env.cr.savepoint():
                self.sudo().with_company(self.company_id)._create_invoices()
        except UserError as error:
            # Sold by delivered quantities: nothing to invoice yet.
            _logger.info("No invoice yet for %s: %s", self.name, error)

    def _draft_deposit_invoice_safely(self):
        """Draft the deposit; what prevents it is a task for the seller, no more."""
        try:
            with self.env.cr.savepoint():
                self._draft_deposit_invoice()
        except UserError as error:
            _logger.info("No deposit invoice for %s: %s", self.name, error)
            words = self._speak_to_seller().env
            self._ask_seller(
                words._("Deposit invoice to make"),
                words._(
                    "The deposit invoice of %(name)s could not be drafted: %(reason)s",
                    name=self.name,
                    reason=str(error),
                ),
            )

    def _draft_deposit_invoice(self):
        """Draft the deposit invoice of the company's percentage, once.

        :return: the draft invoice, empty when there is nothing to ask
        """
        self.ensure_one()
        moves, percent = self.env["account.move"], self.company_id.quote_deposit_pct
        done = self.order_line.filtered("is_downpayment")
        if not percent or done or self.currency_id.is_zero(self.amount_total):
            return moves
        # sudo: the client who accepts makes no invoice, nor does a seller
        wizard = (
            self.env["sale.advance.payment.inv"]
            .sudo()
            .with_company(self.company_id)
            .create(
                {
                    "sale_order_ids": [fields.Command.set(self.ids)],
                    "advance_payment_method": "percentage",
                    "amount": percent,
                }
            )
        )
        return wizard._create_invoices(self.sudo())

    def _get_task_user(self):
        """Return who gets the tasks about the quotation."""
        self.ensure_one()
        return self.user_id or self.company_id.user_ids[:1] or self.env.user

    def _speak_to_seller(self):
        """Return the quotation in the language of the seller, whoever acts."""
        # sudo: the language of a colleague
        return self.with_context(lang=self._get_task_user().sudo().lang)

    def _ask_seller(self, summary, note):
        """Leave a task to the seller of the quotation."""
        self.ensure_one()
        user = self._get_task_user()
        # In his name: behind a public page there is only the public user, whom people
        # of another company may not read, and then not the task either.
        self.with_user(user).sudo().activity_schedule(
            "mail.mail_activity_data_todo", user_id=user.id, summary=summary, note=note
        )
