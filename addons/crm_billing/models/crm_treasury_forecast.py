from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.treasury import ForecastLine, expected_date
from .crm_treasury_receipt import DELAYS_KEY, KnownDelays


@dataclass
class Converted:
    """Lines in the currency of the company, and those that could not be."""

    lines: list[tuple[ForecastLine, Decimal]] = field(default_factory=list)
    excluded: list[ForecastLine] = field(default_factory=list)


class CrmTreasuryForecast(models.AbstractModel):
    """Money expected besides open invoices; each addon adds its own."""

    _name = "crm.treasury.forecast"
    _description = "Provider of Treasury Forecasts"

    # === Hooks === #

    @api.model
    def _get_forecast_lines(self, company, start, end):
        """Return the money expected between two days, both included.

        Addons override it: `super()` plus their own lib.treasury.ForecastLine, in
        any currency. `date_p90` may lie after the end: the line is then left out of
        the cautious forecast. Called with the right of the server: give nothing that
        the accountant of the company may not see.

        :param company: res.company, one
        :return: list of lib.treasury.ForecastLine
        """
        return [
            *self.env["crm.treasury.plan"]._get_planned_lines(company, start, end),
            *self._get_bill_lines(company, start, end),
        ]

    @api.model
    def _get_kinds(self):
        """Return {kind: heading} of what `_get_forecast_lines` gives, in order."""
        return {
            "planned_in": self.env._("Planned receipts"),
            "bill": self.env._("Supplier bills"),
            "planned_out": self.env._("Planned expenses"),
        }

    @api.model
    def _get_delays(self, company):
        """Return the delays of clients, those the board has already read if any."""
        given = self.env.context.get(DELAYS_KEY)
        if isinstance(given, KnownDelays) and given.company_id == company.id:
            return given
        return self.env["crm.treasury.receipt"]._get_delays(company)

    @api.model
    def _get_client_date(self, due, partner, delays, today):
        """Return the (P50, P90) dates of an amount a client will owe.

        :param delays: what `_get_delays` gave
        """
        delay = delays.clients.get(partner.commercial_partner_id.id, delays.everybody)
        return (
            expected_date(due, delay.p50, today),
            expected_date(due, delay.p90, today),
        )

    # === What suppliers are owed === #

    @api.model
    def _get_bill_lines(self, company, start, end):
        self.env["account.move.line"].flush_model()
        query = SQL(
            """
            SELECT line.move_id, move.name, currency.name, line.partner_id,
                   COALESCE(line.date_maturity, line.date),
                   line.amount_residual_currency::numeric
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_currency currency ON currency.id = line.currency_id
             WHERE account.account_type = 'liability_payable' AND NOT account.non_trade
               AND line.parent_state = 'posted' AND NOT line.reconciled
               AND line.amount_residual <> 0 AND line.company_id = %s
               AND COALESCE(line.date_maturity, line.date) <= %s
            """,
            company.id,
            end,
        )
        return [
            ForecastLine(
                date=max(due, start),
                date_p90=max(due, start),
                amount=Decimal(repr(amount)),
                currency=currency,
                kind="bill",
                label=name or "",
                partner_id=partner_id or 0,
                res_model="account.move",
                res_id=move_id,
            )
            for move_id, name, currency, partner_id, due, amount in (
                self.env.execute_query(query)
            )
        ]

    # === Currencies === #

    @api.model
    def _convert_lines(self, company, lines):
        """Return the lines at the rate of today; without rate they are set apart."""
        today = fields.Date.context_today(self)
        names = {line.currency for line in lines}
        currencies = self.env["res.currency"].with_context(active_test=False)
        by_name = {c.name: c for c in currencies.search([("name", "in", list(names))])}
        rates = {
            name: self._get_rate(currency, company, today)
            for name, currency in by_name.items()
        }
        places = Decimal(1).scaleb(-company.currency_id.decimal_places)
        converted = Converted()
        for line in lines:
            rate = rates.get(line.currency)
            if rate is None:
                converted.excluded.append(line)
                continue
            amount = (line.amount * rate).quantize(places, ROUND_HALF_UP)
            converted.lines.append((line, amount))
        return converted

    @api.model
    def _get_rate(self, currency, company, today):
        if not currency._has_rate_on(today, company):
            return None
        rate = currency._get_conversion_rate(
            currency, company.currency_id, company=company, date=today
        )
        return Decimal(repr(rate))

    @api.model
    def _get_window(self, days):
        """Return today and the last day of a horizon."""
        today = fields.Date.context_today(self)
        return today, today + timedelta(days=days)
