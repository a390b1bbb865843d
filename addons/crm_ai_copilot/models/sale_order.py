from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..lib.facts import Quote

# What a draft may cite of a quotation; its other columns, a hundred, are not read.
QUOTE_FIELDS = (
    "name", "state", "amount_untaxed", "amount_total", "currency_id", "create_date",
    "date_order", "validity_date", "opportunity_id",
)  # fmt: skip
MOST_PRODUCTS = 6
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

    def _prepare_quote_facts(self):
        """Return the quotations as facts, in their order."""
        sent_days = self._find_sent_days()
        products = self._find_products()
        return [
            Quote(
                name=order.name,
                state=order.state,
                untaxed=Decimal(str(round(order.amount_untaxed, 2))),
                total=Decimal(str(round(order.amount_total, 2))),
                currency=order.currency_id.name,
                made_on=fields.Datetime.context_timestamp(
                    order, order.create_date
                ).date(),
                sent_on=sent_days.get(order.id),
                valid_until=order.validity_date or None,
                products=tuple(products[order.id][:MOST_PRODUCTS]),
                order_id=order.id,
            )
            for order in self
        ]

    def _find_products(self):
        """Return what is sold, the first line of each text, by id of the quotation."""
        lines = self.env["sale.order.line"]
        if self:
            lines = lines.search_fetch(
                [("order_id", "in", self.ids), ("display_type", "=", False)],
                ["order_id", "name"],
            )
        found = defaultdict(list)
        for line in lines:
            text = html2plaintext(line.name or "").strip()
            if text:
                found[line.order_id.id].append(text.splitlines()[0][:120])
        return found

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
