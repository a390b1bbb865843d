from datetime import datetime, timezone

from odoo import api, models

from odoo.addons.crm_integrations.row_lock import take_rows

from ..lib import minor_units
from ..lib import stripe_payout as shapes


def to_datetime(seconds):
    """Return a naive UTC time of Unix seconds."""
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def to_amount(minor, currency):
    """Return what a Monetary field takes."""
    return float(minor_units.from_minor(minor, currency))


class CrmPayout(models.Model):
    """Storing what Stripe says; told twice, it ends the same."""

    _inherit = "crm.payout"

    @api.model
    def _find(self, connection, remote_id):
        return self.search(
            [("connection_id", "=", connection.id), ("remote_id", "=", remote_id)],
            limit=1,
        )

    @api.model
    def _get_currencies(self, codes):
        currencies = self.env["res.currency"].with_context(active_test=False)
        return {row.name: row for row in currencies.search([("name", "in", codes)])}

    @api.model
    def _receive(self, connection, news_list, run):
        """Store payouts and do what their state asks for.

        :param news_list: `PayoutNews`
        """
        since = connection.payout_since
        known = {
            payout.remote_id: payout
            for payout in self.search(
                [
                    ("connection_id", "=", connection.id),
                    ("remote_id", "in", [news.remote_id for news in news_list]),
                ]
            )
        }
        currencies = self._get_currencies({news.currency for news in news_list})
        for news in news_list:
            payout = known.get(news.remote_id)
            is_old = since and to_datetime(news.created_at).date() < since
            if not connection.payout_is_ready or (is_old and not payout):
                continue
            values = self._prepare_values(news, currencies[news.currency])
            if payout:
                payout._update(values)
            else:
                payout = self.create({**values, "connection_id": connection.id})
            payout._advance(run)

    @api.model
    def _prepare_values(self, news, currency):
        return {
            "remote_id": news.remote_id,
            "currency_id": currency.id,
            "amount": to_amount(news.amount_minor, news.currency),
            "created_at": to_datetime(news.created_at),
            "arrival_date": to_datetime(news.arrival_at).date(),
            "remote_status": news.status,
            "is_automatic": news.is_automatic,
            "is_complete": news.is_complete,
            "trace_id": news.trace_id,
            "descriptor": news.descriptor,
            "failure": news.failure,
        }

    def _update(self, values):
        """Write what changed; the amount of a booked payout does not."""
        take_rows(self)
        fixed = {"currency_id"}
        if self.move_id or self.bank_line_id:
            fixed.add("amount")
        changed = {
            name: value
            for name, value in values.items()
            if name not in fixed and self[name] != value and (self[name] or value)
        }
        if changed:
            self.write(changed)

    def _advance(self, run):
        """Do the next step of a payout whose news are stored."""
        self.ensure_one()
        if self.is_automatic and self.is_complete and not self.has_all_lines:
            # Four events tell of one payout: they share one reading of its lines.
            wish = run if run.startswith(("day-", "click-")) else "event"
            self.connection_id._ask_stripe_page(
                shapes.CALL_LINES,
                {"payout": self.remote_id, "after": "", "run": wish},
            )
        elif self.remote_status in shapes.DEAD_STATUSES:
            self._receive_return()
        elif not self.is_automatic:
            self._book_manual()

    def _finish_lines(self):
        """All lines are stored: sum them up and have the payout booked."""
        self.ensure_one()
        take_rows(self)
        lines = self.line_ids
        fees = sum(lines.mapped("fee")) - sum(
            lines.filtered(lambda line: line.role == "fee").mapped("amount")
        )
        self.write(
            {
                "has_all_lines": True,
                "line_count": len(lines),
                "payment_count": len(lines.filtered(lambda x: x.role == "payment")),
                "amount_fee": self.currency_id.round(fees),
                "amount_gross": self.currency_id.round(self.amount + fees),
            }
        )
        if self.state == "waiting" or (self.state == "failed" and not self.move_id):
            self.state = "ready"
        if self.state in ("ready", "blocked"):
            self._plan_booking()

    @api.model
    def _resume(self):
        """Take up whatever a dead server or a full day left behind."""
        for payout in self.search([("state", "=", "ready")]):
            payout._plan_booking()
        companies = self.search([("state", "=", "booked")]).company_id
        for company in companies:
            self._plan_match(company)
