from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.l10n_fr_crm_billing.lib.facts import Facts, Kind
from odoo.addons.l10n_fr_crm_billing.lib.typography import format_day

# While a quote is with the client, what changes on it changes its mentions too.
QUOTED_FIELDS = {
    "validity_date",
    "partner_id",
    "partner_shipping_id",
    "partner_invoice_id",
    "order_line",
    "client_order_ref",
    "fr_is_off_premises",
    "fr_waste",
}
DEFAULT_VALIDITY_DAYS = 30


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "crm.fr.document"]

    fr_is_company_french = fields.Boolean(compute="_compute_fr_is_company_french")
    fr_is_consumer = fields.Boolean(compute="_compute_fr_is_consumer")
    fr_is_off_premises = fields.Boolean(
        string="Signed Off Premises",
        help="At the client's, at a fair ...: a consumer has 14 days to withdraw.",
    )
    fr_waste = fields.Char(
        string="Building Waste",
        help="Estimated quantity, how it is handled, collection point, cost.",
    )
    fr_checklist = fields.Json(compute="_compute_fr_checklist")

    @api.depends("company_id.country_id")
    def _compute_fr_is_company_french(self):
        for order in self:
            order.fr_is_company_french = (
                bool(order.company_id) and order.company_id._is_fr_billing()
            )

    @api.depends("partner_id")
    def _compute_fr_is_consumer(self):
        for order in self:
            order.fr_is_consumer = (
                bool(order.partner_id) and not order.partner_id._is_business_customer()
            )

    @api.depends(
        "state",
        "company_id",
        "partner_id",
        "partner_shipping_id",
        "validity_date",
        "order_line.name",
        "order_line.tax_ids",
    )
    def _compute_fr_checklist(self):
        for order in self:
            concerned = order.state in ("draft", "sent") and order.partner_id
            order.fr_checklist = (
                order._get_fr_checklist()
                if concerned and order._has_fr_mentions()
                else False
            )

    def _has_fr_mentions(self):
        self.ensure_one()
        return self.fr_is_company_french

    def _get_fr_sold_lines(self):
        return self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )

    def _get_fr_operations(self):
        """Return what is sold: ``goods``, ``services``."""
        return {
            "services" if line.product_id.type == "service" else "goods"
            for line in self._get_fr_sold_lines()
            if line.product_id
        }

    def _prepare_fr_facts(self):
        self.ensure_one()
        company, partner = self.company_id, self.partner_id
        parties = self._prepare_fr_parties(company, partner)
        day = self.date_order or fields.Datetime.now()
        rate = self.currency_rate or 1.0
        place = self._get_fr_place()
        return Facts(
            kind=Kind.QUOTE,
            day=fields.Datetime.context_timestamp(self, day).date(),
            number=self.name or "",
            **parties,
            **self._prepare_fr_lines(
                self._get_fr_sold_lines(), company, parties["buyer"]
            ),
            net=Decimal(str(self.amount_untaxed / rate)),
            currency=self.currency_id.name or "EUR",
            valid_until=self.validity_date or None,
            delivery_address=place,
            place_of_work=place,
            order_number=self.client_order_ref or "",
            quote_fee=company.fr_quote_fee or "",
            is_off_premises=self.fr_is_off_premises,
            waste=self.fr_waste or "",
        )

    def _get_fr_place(self):
        """Return where goods or people go, when it is not to the client's address."""
        shipping, partner = self.partner_shipping_id.sudo(), self.partner_id.sudo()
        line = shipping._get_fr_address_line() if shipping else ""
        if shipping == partner or line == partner._get_fr_address_line():
            return ""
        return ", ".join(filter(None, (shipping.name, line)))

    # Life of a quote

    def write(self, vals):
        result = super().write(vals)
        state = vals.get("state")
        if state in ("sent", "sale"):
            # Confirming changes nothing to what the client has read.
            self.filtered(
                lambda order: state == "sent" or not order.fr_mentions_kept
            )._keep_fr_mentions()
        elif state == "draft":
            self.filtered("fr_mentions_kept").fr_mentions_kept = False
        elif QUOTED_FIELDS & vals.keys():
            self.filtered(lambda order: order.state == "sent")._keep_fr_mentions()
        return result

    def _confirmation_error_message(self):
        """An offer that has lapsed binds nobody: it is made anew, then accepted."""
        message = super()._confirmation_error_message()
        # What the client has paid is confirmed by the server, whatever the date.
        if message or self.env.su or not self.is_expired:
            return message
        if not self._has_fr_mentions():
            return message
        return self.env._(
            "The quote %(name)s expired on %(day)s: renew its offer first, button "
            "Renew the offer.",
            name=self.name,
            day=format_day(self.validity_date),
        )

    def action_fr_renew_offer(self):
        """Make an expired offer anew, for the usual time, and say so."""
        today = fields.Date.context_today(self)
        for order in self.filtered("is_expired"):
            days = order.company_id.quotation_validity_days or DEFAULT_VALIDITY_DAYS
            lapsed = order.validity_date
            order.validity_date = fields.Date.add(today, days=days)
            # Odoo computes it once per transaction: it depends on the clock.
            order.invalidate_recordset(["is_expired"])
            order.message_post(
                body=order.env._(
                    "Offer renewed by %(user)s: it had expired on %(lapsed)s, it is "
                    "now valid until %(day)s.",
                    user=order.env.user.name,
                    lapsed=format_day(lapsed),
                    day=format_day(order.validity_date),
                )
            )
