from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, date_utils

from ..lib.treasury import (
    DSO_DAYS,
    HORIZONS,
    cumulate,
    days_sales_outstanding,
)
from .crm_treasury_receipt import AGES, DELAYS_KEY

GROUPS = (
    "account.group_account_invoice",
    "account.group_account_readonly",
    "crm_base.crm_base_group_admin",
)
INVOICE_TYPES = ("out_invoice", "out_refund", "out_receipt")
PERIODS = ("month", "quarter", "year", "twelve_months")
LAST_DAY = HORIZONS[-1]
BY = {"p50": "date_p50", "p90": "date_p90"}


class CrmTreasuryBoard(models.AbstractModel):
    """The numbers of the board of one company, each with the records behind it.

    `_get_facts` reads everything once; `open_number` gives the list whose sum is the
    number: both use the domains of `_get_domains`.
    """

    _name = "crm.treasury.board"
    _description = "Treasury Board"

    # === Called by the screen === #

    @api.model
    def get_board(self, period="year"):
        """Return the numbers, rows and curves of the current company."""
        board = self._for_reading(period)
        return board._prepare_board(period)

    @api.model
    def open_number(self, key, period="year"):
        """Return the action that opens the records behind a number.

        :param str key: as given by `get_board`
        """
        board = self._for_reading(period)
        name, *arguments = str(key).split(":")
        openers = {
            "invoiced": board._open_invoiced,
            "invoiced_dso": board._open_invoiced,
            "collected": board._open_collected,
            "owed": board._open_receipts,
            "age": board._open_receipts,
            "receipts": board._open_receipts,
            "rate_missing": board._open_receipts,
            "bank": board._open_bank,
            "forecast": board._open_forecast,
            "excluded": board._open_forecast,
        }
        if name not in openers or len(arguments) > 3:
            raise UserError(self.env._("This number is not of the board."))
        return openers[name](period, name, arguments)

    def _for_reading(self, period):
        """Check the right, then read the whole company."""
        user = self.env.user
        if not self.env.su and not any(map(user.has_group, GROUPS)):
            raise AccessError(
                self.env._("The treasury is for accountants and administrators.")
            )
        if period not in PERIODS:
            raise UserError(self.env._("This period is not of the board."))
        # sudo: the figures are those of the whole company, whoever sold or bought
        company = self.env.company
        board = self.sudo().with_context(allowed_company_ids=company.ids)
        delays = board.env["crm.treasury.receipt"]._get_delays(company)
        return board.with_context(**{DELAYS_KEY: delays})

    # === Periods and domains === #

    @api.model
    def _get_period(self, period):
        """Return the first and last day, both included."""
        today = fields.Date.context_today(self)
        if period == "twelve_months":
            return today - relativedelta(years=1) + timedelta(days=1), today
        return date_utils.start_of(today, period), today

    @api.model
    def _get_invoiced_domain(self, start, end):
        return [
            ("company_id", "=", self.env.company.id),
            ("move_type", "in", INVOICE_TYPES),
            ("state", "=", "posted"),
            ("invoice_date", ">=", start),
            ("invoice_date", "<=", end),
        ]

    @api.model
    def _get_bank_domain(self):
        company = self.env.company
        domain = [
            ("company_id", "=", company.id),
            ("account_id.account_type", "=", "asset_cash"),
            ("parent_state", "=", "posted"),
            ("date", "<=", fields.Date.context_today(self)),
        ]
        if company.treasury_opening_date:
            domain.append(("date", ">", company.treasury_opening_date))
        return domain

    # === Facts === #

    @api.model
    def _sum(self, model, domain, name):
        ((total,),) = self.env[model]._read_group(domain, [], [f"{name}:sum"])
        return Decimal(str(self.env.company.currency_id.round(total or 0)))

    @api.model
    def _read_receipts(self):
        """Return (age, rate missing, source, P50, P90, owed, expected, count) rows."""
        receipts = self.env["crm.treasury.receipt"]
        receipts._flush_sources()
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT age, rate_missing, delay_source, date_p50, date_p90,
                       SUM(amount), COALESCE(SUM(amount_forecast), 0), COUNT(*)
                  FROM (%s) receipt WHERE company_id = %s
              GROUP BY age, rate_missing, delay_source, date_p50, date_p90
                """,
                receipts._get_query(today),
                self.env.company.id,
            )
        )
        # Odoo reads numeric columns as floats; these have the currency's decimals.
        return [
            (*row[:5], Decimal(repr(row[5])), Decimal(repr(row[6])), row[7])
            for row in rows
        ]

    @api.model
    def _get_converted_lines(self):
        forecast = self.env["crm.treasury.forecast"]
        start, end = forecast._get_window(LAST_DAY)
        company = self.env.company
        lines = forecast._get_forecast_lines(company, start, end)
        return forecast._convert_lines(company, lines)

    @api.model
    def _get_opening(self):
        typed = Decimal(0)
        company = self.env.company
        if company.treasury_opening_date:
            typed = Decimal(str(company.treasury_opening_balance))
        moved = self._sum("account.move.line", self._get_bank_domain(), "balance")
        return typed, moved

    # === Assembly === #

    @api.model
    def _prepare_board(self, period):
        start, end = self._get_period(period)
        today = fields.Date.context_today(self)
        receipts = self._read_receipts()
        converted = self._get_converted_lines()
        typed, moved = self._get_opening()
        invoiced = self._sum(
            "account.move", self._get_invoiced_domain(start, end), "amount_total_signed"
        )
        collected = self._sum(
            "crm.treasury.collected", self._get_collected_domain(start, end), "amount"
        )
        owed = sum((row[5] for row in receipts), Decimal(0))
        return {
            "currency_id": self.env.company.currency_id.id,
            "company": self.env.company.name,
            "today": fields.Date.to_string(today),
            "period": period,
            "start": fields.Date.to_string(start),
            "invoiced": float(invoiced),
            "collected": float(collected),
            "owed": float(owed),
            "ages": self._prepare_ages(receipts),
            **self._prepare_dso(owed, today),
            **self._prepare_forecast(receipts, converted, typed, moved, today),
            "excluded": self._prepare_excluded(receipts, converted),
            "sources": self._prepare_sources(receipts),
        }

    @api.model
    def _get_collected_domain(self, start, end):
        return [
            ("company_id", "=", self.env.company.id),
            ("date", ">=", start),
            ("date", "<=", end),
        ]

    @api.model
    def _prepare_ages(self, receipts):
        labels = dict(
            self.env["crm.treasury.receipt"]
            ._fields["age"]
            ._description_selection(self.env)
        )
        return [
            {
                "key": f"age:{age}",
                "label": labels[age],
                "late": age != "not_due",
                "amount": float(
                    sum((r[5] for r in receipts if r[0] == age), Decimal(0))
                ),
            }
            for age, _label in AGES
        ]

    @api.model
    def _prepare_dso(self, owed, today):
        first = today - timedelta(days=DSO_DAYS - 1)
        invoiced = self._sum(
            "account.move",
            self._get_invoiced_domain(first, today),
            "amount_total_signed",
        )
        dso = days_sales_outstanding(owed, invoiced)
        return {
            "dso": float(dso) if dso is not None else False,
            "dso_invoiced": float(invoiced),
        }

    @api.model
    def _prepare_forecast(self, receipts, converted, typed, moved, today):
        flows = self._get_flows(receipts, converted)
        opening = typed + moved
        kinds = {
            "receipts": self.env._("Open invoices"),
            **self.env["crm.treasury.forecast"]._get_kinds(),
        }
        rows = [
            {
                "kind": kind,
                "label": label,
                "cells": self._prepare_cells(kind, flows, today),
            }
            for kind, label in kinds.items()
        ]
        curves = {
            by: cumulate(opening, [(f[index], f[3]) for f in flows], today, LAST_DAY)
            for index, by in ((1, "p50"), (2, "p90"))
        }
        return {
            "opening": float(opening),
            "opening_typed": float(typed),
            "opening_moved": float(moved),
            "opening_date": fields.Date.to_string(
                self.env.company.treasury_opening_date or False
            ),
            "rows": [row for row in rows if self._is_row_shown(row)],
            "closing": [
                {
                    "days": days,
                    **{by: float(curve[days]) for by, curve in curves.items()},
                }
                for days in HORIZONS
            ],
            "curve": {
                "days": [
                    fields.Date.to_string(today + timedelta(days=number))
                    for number in range(LAST_DAY + 1)
                ],
                **{by: [float(v) for v in curve] for by, curve in curves.items()},
            },
        }

    @api.model
    def _is_row_shown(self, row):
        return row["kind"] == "receipts" or any(
            cell["p50"] or cell["p90"] for cell in row["cells"]
        )

    @api.model
    def _get_flows(self, receipts, converted):
        """Return (kind, P50 date, P90 date, amount) of everything that is counted."""
        flows = [("receipts", row[3], row[4], row[6]) for row in receipts if not row[1]]
        flows += [
            (line.kind, line.date, line.date_p90, amount)
            for line, amount in converted.lines
        ]
        return flows

    @api.model
    def _prepare_cells(self, kind, flows, today):
        mine = [flow for flow in flows if flow[0] == kind]
        cells = []
        for days in HORIZONS:
            end = today + timedelta(days=days)
            cells.append(
                {
                    "days": days,
                    "p50": float(sum(f[3] for f in mine if f[1] <= end)),
                    "p90": float(sum(f[3] for f in mine if f[2] <= end)),
                    "key": (
                        f"receipts:{days}"
                        if kind == "receipts"
                        else f"forecast:{kind}:{days}"
                    ),
                }
            )
        return cells

    @api.model
    def _prepare_excluded(self, receipts, converted):
        """What has no exchange rate: said, not counted."""
        missing = sum(row[7] for row in receipts if row[1])
        others = len(converted.excluded)
        found = []
        if missing:
            found.append({"key": "rate_missing", "count": missing})
        if others:
            found.append({"key": "excluded", "count": others})
        return found

    @api.model
    def _prepare_sources(self, receipts):
        """Count the open amounts by whose history dates them."""
        counts = {"client": 0, "company": 0, "terms": 0}
        for row in receipts:
            counts[row[2]] += row[7]
        return counts

    # === Opening what is behind === #

    @api.model
    def _get_action(self, xmlid, domain, name=None):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"crm_billing.{xmlid}")
        action["domain"] = domain
        action["context"] = {"create": False}
        if name:
            action["display_name"] = action["name"] = name
        return action

    @api.model
    def _open_invoiced(self, period, name, _arguments):
        start, end = self._get_period(period)
        if name == "invoiced_dso":
            start, end = end - timedelta(days=DSO_DAYS - 1), end
        return self._get_action(
            "account_move_action_treasury", self._get_invoiced_domain(start, end)
        )

    @api.model
    def _open_collected(self, period, _name, _arguments):
        return self._get_action(
            "crm_treasury_collected_action",
            self._get_collected_domain(*self._get_period(period)),
        )

    @api.model
    def _open_receipts(self, _period, name, arguments):
        domain = [("company_id", "=", self.env.company.id)]
        if name == "age":
            if arguments[:1] not in ([age] for age, _label in AGES):
                raise UserError(self.env._("This number is not of the board."))
            domain.append(("age", "=", arguments[0]))
        elif name == "rate_missing":
            domain.append(("rate_missing", "=", True))
        elif name == "receipts":
            days, by = self._read_horizon(arguments)
            _start, end = self.env["crm.treasury.forecast"]._get_window(days)
            domain += [(BY[by], "<=", end), ("rate_missing", "=", False)]
        return self._get_action("crm_treasury_receipt_action", domain)

    @api.model
    def _open_bank(self, _period, _name, _arguments):
        return self._get_action(
            "account_move_line_action_treasury", self._get_bank_domain()
        )

    @api.model
    def _read_horizon(self, arguments):
        """Return (days, p50 or p90) of a key; anything else is refused."""
        try:
            days, by = int(arguments[0]), arguments[1]
        except (IndexError, ValueError):
            days, by = 0, ""
        if days not in HORIZONS or by not in BY:
            raise UserError(self.env._("This number is not of the board."))
        return days, by

    @api.model
    def _open_forecast(self, _period, name, arguments):
        """Write the lines down for the one who asks, then open them."""
        forecast = self.env["crm.treasury.forecast"]
        converted = self._get_converted_lines()
        if name == "excluded":
            chosen = [(line, Decimal(0)) for line in converted.excluded]
            kind = None
        else:
            kind = arguments[0] if arguments else ""
            if kind not in forecast._get_kinds():
                raise UserError(self.env._("This number is not of the board."))
            days, by = self._read_horizon(arguments[1:])
            _start, end = forecast._get_window(days)
            chosen = [
                (line, amount)
                for line, amount in converted.lines
                if line.kind == kind
                and (line.date if by == "p50" else line.date_p90) <= end
            ]
        records = self._write_lines(chosen)
        return self._get_action(
            "crm_treasury_line_action",
            [("id", "in", records.ids)],
            forecast._get_kinds().get(kind),
        )

    @api.model
    def _write_lines(self, chosen):
        kinds = self.env["crm.treasury.forecast"]._get_kinds()
        names = {line.currency for line, _amount in chosen}
        currencies = self.env["res.currency"].with_context(active_test=False)
        by_name = {
            c.name: c.id for c in currencies.search([("name", "in", list(names))])
        }
        # Read by its owner only: see the rule of the model.
        user = self.env.user
        return (
            self.env["crm.treasury.line"]
            .with_user(user)
            .sudo()
            .create(
                [
                    {
                        "label": line.label,
                        "kind": kinds.get(line.kind, line.kind),
                        "partner_id": line.partner_id,
                        "company_id": self.env.company.id,
                        "currency_id": by_name.get(line.currency),
                        "date": line.date,
                        "date_p90": line.date_p90,
                        "amount_currency": float(line.amount),
                        "amount": float(amount),
                        "res_model": line.res_model,
                        "res_id": line.res_id,
                    }
                    for line, amount in chosen
                ]
            )
        )
