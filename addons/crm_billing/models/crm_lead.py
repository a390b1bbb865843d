from odoo import api, fields, models
from odoo.tools import SQL

from .crm_payment_link import OPEN_STATES, SETTLED_STATES

SECONDS_PER_DAY = 86400


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.payment.link.mixin"]
    _payment_link_field = "lead_id"

    payment_link_ids = fields.One2many(
        "crm.payment.link", "lead_id", string="Payment Links", readonly=True
    )
    payment_link_count = fields.Integer(
        string="Number of Payment Links", compute="_compute_payment_link_count"
    )
    payment_link_days = fields.Float(
        string="Days from Won to Paid",
        compute="_compute_payment_link_days",
        store=True,
        digits=(16, 2),
        aggregator="avg",
    )

    payment_link_warning = fields.Char(
        compute="_compute_payment_link_warning", groups="base.group_user"
    )

    _payment_link_days_idx = models.Index(
        "(payment_link_date_paid) WHERE payment_link_date_paid IS NOT NULL"
    )

    @api.depends("payment_link_ids")
    def _compute_payment_link_count(self):
        counts = dict(
            self.env["crm.payment.link"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.payment_link_count = counts.get(lead, 0)

    @api.depends("expected_revenue", "payment_link_state")
    def _compute_payment_link_warning(self):
        """The link goes on asking for the former amount: say so while typing."""
        for lead in self:
            # sudo: a number of the deal's own link
            link = lead.sudo().payment_link_id
            is_open = link.state in ("creating", "waiting")
            base, now = link.base_amount, lead.expected_revenue
            if is_open and base and link.currency_id.compare_amounts(base, now):
                lead.payment_link_warning = self.env._(
                    "The payment link still asks for %(amount)s. Cancel it and make a"
                    " new one to ask for the new amount.",
                    amount=link.currency_id.format(link.amount),
                )
            else:
                lead.payment_link_warning = False

    @api.depends("date_closed", "won_status", "payment_link_paid_at")
    def _compute_payment_link_days(self):
        for lead in self:
            won_at, paid_at = lead.date_closed, lead.payment_link_paid_at
            if lead.won_status == "won" and won_at and paid_at:
                seconds = max((paid_at - won_at).total_seconds(), 0)
                lead.payment_link_days = round(seconds / SECONDS_PER_DAY, 2)
            else:
                lead.payment_link_days = False

    def _read_group_select(self, aggregate_spec, query):
        """An average over paid deals: a deal that waits is not paid in 0 days."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec == "payment_link_days:avg":
            paid_at = self._field_to_sql(self._table, "payment_link_paid_at", query)
            return SQL("%s FILTER (WHERE %s IS NOT NULL)", select, paid_at)
        return select

    # === Deals lost and merged === #

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "probability", "stage_id"}:
            # Nobody should pay for a deal that is lost.
            # sudo: links are changed through their document only
            lost = self.sudo().filtered(lambda lead: lead.won_status == "lost")
            lost.payment_link_id._cancel()
        return result

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self._take_over_payment_links(opportunities)
        return result

    def _take_over_payment_links(self, others):
        """Give every link of merged deals to the one that stays.

        One of them at most is open: rather a debit on its way than a page that
        waits, rather our own link than another's.
        """
        # sudo: links are changed through their document only
        lead, others = self.sudo(), others.sudo()
        links = lead.payment_link_ids + others.payment_link_ids
        still_open = links.filtered(lambda link: link.state in OPEN_STATES)
        kept = still_open.sorted(lambda link: link.state != "processing")[:1]
        (still_open - kept)._cancel()
        settled = (lead.payment_link_id | links).filtered(
            lambda link: link.state in SETTLED_STATES
        )
        links.flush_recordset(["state"])
        moved = others.payment_link_ids.filtered(
            lambda link: link == kept or link.state not in OPEN_STATES
        )
        moved.lead_id = lead
        lead.payment_link_id = kept or settled[:1] or lead.payment_link_id or moved[:1]

    # === Payment link === #

    def _get_payment_link_trouble(self):
        self.ensure_one()
        if self.won_status != "won":
            return self.env._("A payment link is made once the deal is won.")
        return super()._get_payment_link_trouble()

    def _prepare_payment_link_values(self, options):
        company = self._get_payment_link_company()
        currency = company.currency_id
        mode = options.get("amount_mode") or company.payment_link_amount_mode
        tax = options.get("tax") or company._get_payment_link_tax()
        amount = self._compute_payment_link_amount(currency, mode, tax)
        return {
            "description": options.get("description") or self.name,
            "amount": amount,
            "base_amount": self.expected_revenue,
            "currency_id": currency.id,
        }

    def _compute_payment_link_amount(self, currency, mode, tax):
        """Return what the client pays, tax included, rounded by the currency."""
        if mode == "plus_tax" and tax:
            # sudo: sellers need not read the taxes of the books
            total = tax.sudo().compute_all(
                self.expected_revenue,
                currency=currency,
                partner=self.partner_id,
                handle_price_include=False,
            )
            return total["total_included"]
        return currency.round(self.expected_revenue)

    @api.model
    def _get_payment_link_template(self):
        return (
            self.env.ref(
                "crm_billing.mail_template_payment_link", raise_if_not_found=False
            )
            or super()._get_payment_link_template()
        )
