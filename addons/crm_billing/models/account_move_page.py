from odoo import models
from odoo.tools import format_date


class AccountMove(models.Model):
    """The page of an invoice, as its client sees it."""

    _inherit = "account.move"

    def _get_page_trouble(self):
        if self.move_type != "out_invoice":
            return "unknown"
        if self.state == "draft":
            return "withdrawn"
        if self.state != "posted":
            return "canceled"
        if self.currency_id.compare_amounts(self.amount_residual, 0) <= 0:
            return "paid"
        if self.instalment_plan_id:
            return "instalments"
        return "closed" if self.payment_link_is_closed else False

    def _get_page_title(self):
        return self.env._("Invoice %s", self.name or "")

    def _get_page_facts(self):
        if self.state != "posted":
            return []
        currency = self.currency_id
        facts = []
        if currency.compare_amounts(self.amount_residual, self.amount_total):
            paid = self.amount_total - self.amount_residual
            facts += [
                (self.env._("Total"), currency.format(self.amount_total)),
                (self.env._("Already settled"), currency.format(paid)),
            ]
        if self.amount_residual:
            facts.append((self.env._("Due"), currency.format(self.amount_residual)))
            if self.invoice_date_due:
                date = format_date(self.env, self.invoice_date_due)
                facts.append((self.env._("Due date"), date))
        return facts

    def _get_page_payments(self):
        links = (
            self.payment_link_ids
            | self.instalment_plan_ids.instalment_ids.payment_link_ids
        )
        by_link = links.transaction_ids.payment_id
        return (self.reconciled_payment_ids | by_link).sorted(
            lambda payment: (payment.date, payment.id)
        )

    def _get_page_values(self):
        values = super()._get_page_values()
        plan = self.instalment_plan_id
        if values["status"] == "instalments":
            values["plan"] = plan._prepare_page_plan()
        return values
