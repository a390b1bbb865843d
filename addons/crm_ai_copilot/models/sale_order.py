from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..lib.facts import Quote

# What changes the next step of a deal.
WATCHED = {"state", "validity_date", "opportunity_id"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _find_sent_days(self):
        """Return the day each quotation was last sent, by id."""
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id("sale.mt_order_sent")
        # sudo: the orders are readable, only the day of their sending is read
        rows = (
            self.env["mail.message"]
            .sudo()
            ._read_group(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("subtype_id", "=", subtype_id),
                ],
                ["res_id"],
                ["date:max"],
            )
        )
        days = {
            order_id: fields.Datetime.context_timestamp(self, sent_at).date()
            for order_id, sent_at in rows
        }
        for order in self:
            # Marked as sent by hand, or brought in from elsewhere.
            if order.state == "sent" and order.id not in days and order.date_order:
                days[order.id] = fields.Datetime.context_timestamp(
                    self, order.date_order
                ).date()
        return days

    def _prepare_quote_fact(self, sent_on):
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type)
        return Quote(
            name=self.name,
            state=self.state,
            untaxed=Decimal(str(round(self.amount_untaxed, 2))),
            total=Decimal(str(round(self.amount_total, 2))),
            currency=self.currency_id.name,
            made_on=fields.Datetime.context_timestamp(self, self.create_date).date(),
            sent_on=sent_on,
            valid_until=self.validity_date or None,
            products=tuple(
                html2plaintext(line.name or "").splitlines()[0][:120]
                for line in lines[:6]
                if line.name
            ),
        )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.opportunity_id._request_next_actions()
        return orders

    def write(self, vals):
        before = self.opportunity_id if "opportunity_id" in vals else None
        done = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            leads = self.opportunity_id | before if before else self.opportunity_id
            leads._request_next_actions()
        return done
