from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.crm_billing.lib.treasury import ForecastLine


class CrmTreasuryForecast(models.AbstractModel):
    _inherit = "crm.treasury.forecast"

    @api.model
    def _get_kinds(self):
        kinds = super()._get_kinds()
        # Money in before money out.
        return {"order": self.env._("Orders to invoice"), **kinds}

    @api.model
    def _get_forecast_lines(self, company, start, end):
        return [
            *super()._get_forecast_lines(company, start, end),
            *self._get_order_lines(company, start, end),
        ]

    @api.model
    def _get_order_lines(self, company, start, end):
        """Return what confirmed orders still have to invoice, tax included.

        Invoiced on the promised date, today when it is past or unknown, then due by
        the terms of the order and paid as the client pays.
        """
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("invoice_status", "!=", "invoiced"),
            ]
        )
        delays = self._get_delays(company)
        lines = []
        for order in orders:
            amount = self._get_amount_to_invoice(order)
            line = self._get_order_line(order, amount, delays, start)
            if amount > 0 and line.date <= end:
                lines.append(line)
        return lines

    @api.model
    def _get_amount_to_invoice(self, order):
        """Total of the order less its posted invoices, deposits included.

        The lines alone would forget what a deposit already asked for.
        """
        invoiced = sum(
            move.amount_total * (-1 if move.move_type == "out_refund" else 1)
            for move in order.invoice_ids
            if move.state == "posted" and move.currency_id == order.currency_id
        )
        return order.currency_id.round(order.amount_total - invoiced)

    @api.model
    def _get_order_line(self, order, amount, delays, today):
        promised = order.commitment_date and fields.Date.to_date(order.commitment_date)
        invoiced = max(promised or today, today)
        terms = order.payment_term_id.line_ids
        due = max((line._get_due_date(invoiced) for line in terms), default=invoiced)
        p50, p90 = self._get_client_date(
            due, order.partner_invoice_id or order.partner_id, delays, today
        )
        places = order.currency_id.decimal_places
        return ForecastLine(
            date=p50,
            date_p90=p90,
            amount=Decimal(f"{amount:.{places}f}"),
            currency=order.currency_id.name,
            kind="order",
            label=order.name,
            partner_id=order.partner_id.commercial_partner_id.id,
            res_model="sale.order",
            res_id=order.id,
        )
