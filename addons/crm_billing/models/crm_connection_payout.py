import json
from datetime import datetime, time, timedelta, timezone

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models

from odoo.addons.crm_base.lib.errors import UnavailableError

from ..lib import stripe_payout as shapes
from ..providers.stripe_payouts import StripePayoutClient

# A payout may still fail some days after it arrived.
LOOK_BACK_DAYS = 30


class CrmConnection(models.Model):
    """Payouts of a Stripe account: what is asked, and what the answers become.

    Each page of a list is an exchange of its own: a page that fails is asked again,
    and a server that dies between two pages goes on where it was.
    """

    _inherit = "crm.connection"

    # === Events === #

    def _get_stripe_handlers(self):
        return {
            **super()._get_stripe_handlers(),
            **dict.fromkeys(
                (
                    "payout.created",
                    "payout.updated",
                    "payout.paid",
                    "payout.failed",
                    "payout.canceled",
                    "payout.reconciliation_completed",
                ),
                self._on_stripe_payout,
            ),
        }

    def _on_stripe_payout(self, item, event, exchange):
        """Events come late and in any order: the payout is read as it is now."""
        news = shapes.read_payout(item)
        self._ask_payout(news.remote_id, exchange.remote_id)

    # === Calls === #

    @api.model
    def _get_stripe_calls(self, request, key):
        client = StripePayoutClient
        ask = request.get
        return {
            **super()._get_stripe_calls(request, key),
            shapes.CALL_PAYOUT: (client, lambda c: c.retrieve_payout(ask("payout"))),
            shapes.CALL_PAYOUTS: (
                client,
                lambda c: c.list_payouts(ask("since"), ask("after")),
            ),
            shapes.CALL_LINES: (
                client,
                lambda c: c.list_movements(payout_id=ask("payout"), after=ask("after")),
            ),
            shapes.CALL_LEDGER: (
                client,
                lambda c: c.list_movements(since=ask("since"), after=ask("after")),
            ),
            shapes.CALL_BALANCE: (client, lambda c: c.retrieve_balance()),
        }

    def _ask_payout(self, payout_id, run):
        """Ask for one payout as it is now.

        :param run: names this wish: the same wish is asked once
        """
        request = {"payout": payout_id, "run": run}
        self._ask_stripe_page(shapes.CALL_PAYOUT, request)

    def _ask_payouts(self, run=None):
        """Ask for recent payouts, movements and the balance: the daily comparison."""
        self.ensure_one()
        now = fields.Datetime.now()
        request = {
            "since": self._get_payout_since(now),
            "after": "",
            "run": run or f"click-{now.isoformat()}",
        }
        self._ask_stripe_page(shapes.CALL_PAYOUTS, request)
        self._ask_stripe_page(shapes.CALL_LEDGER, request)

    def _get_payout_since(self, now):
        first = self.payout_since or now.date()
        recent = (now - timedelta(days=LOOK_BACK_DAYS)).date()
        # Read whole once, then only what can still change.
        day = max(first, recent) if self.payout_checked_at else first
        return int(datetime.combine(day, time(), timezone.utc).timestamp())

    def _ask_stripe_page(self, event, request):
        parts = (request.get("payout", "all"), request.get("after") or "first")
        self._enqueue(
            event,
            json.dumps(request).encode(),
            idempotency_key=":".join((event, *parts, request["run"]))[:255],
            personal=False,
        )

    @api.model
    def _cron_compare_payouts(self):
        """Once a day: read what the events missed and compare with the books."""
        run = f"day-{fields.Date.context_today(self)}"
        connections = self.sudo().search(
            [
                ("provider", "=", "stripe"),
                ("state", "!=", "off"),
                ("payout_clearing_account_id", "!=", False),
            ]
        )
        for connection in connections:
            if connection.payment_provider_id.stripe_secret_key:
                connection._ask_payouts(run)
        self.env["crm.payout"].sudo()._resume()

    # === Answers === #

    def _apply_stripe_answer(self, exchange, page, answer):
        if exchange.event not in shapes.CALLS:
            return super()._apply_stripe_answer(exchange, page, answer)
        request = json.loads(exchange._get_body())
        try:
            with self.env.cr.savepoint():
                return self._as_bookkeeper()._apply_payout_answer(
                    exchange.event, request, answer
                )
        except UniqueViolation:
            # The same page came twice at the same moment: the other one stored it.
            raise UnavailableError("stored by another process just now") from None

    def _apply_payout_answer(self, event, request, answer):
        payouts = self.env["crm.payout"]
        if event == shapes.CALL_PAYOUT:
            payouts._receive(self, [shapes.read_payout(answer)], request["run"])
        elif event == shapes.CALL_PAYOUTS:
            news = [shapes.read_payout(row) for row in answer["data"]]
            payouts._receive(self, news, request["run"])
            self._ask_next_page(event, request, answer)
        elif event == shapes.CALL_LINES:
            payout = payouts._find(self, request["payout"])
            self._receive_movements(answer, payout)
            if not self._ask_next_page(event, request, answer):
                payout._finish_lines()
        elif event == shapes.CALL_LEDGER:
            self._receive_movements(answer, payouts)
            if not self._ask_next_page(event, request, answer):
                self._ask_stripe_page(shapes.CALL_BALANCE, {"run": request["run"]})
        else:
            self._receive_stripe_balance(shapes.read_balance(answer))

    def _ask_next_page(self, event, request, answer):
        rows = answer["data"]
        if not answer.get("has_more") or not rows:
            return False
        self._ask_stripe_page(event, {**request, "after": rows[-1]["id"]})
        return True

    def _receive_movements(self, answer, payout):
        news = [shapes.read_movement(row) for row in answer["data"]]
        self.env["crm.payout.line"]._receive(self, payout, news)

    def _receive_stripe_balance(self, balance):
        """The last answer of a comparison: all is here to compare."""
        self.payout_checked_at = fields.Datetime.now()
        self.env["crm.payout.drift"]._refresh(self, balance)
