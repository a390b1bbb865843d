from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.crm_integrations.row_lock import take_rows

from ..lib import payout_drift as rules
from ..lib.minor_units import from_minor
from .crm_payout_booking import exact

# A payment may be known to one side some hours before the other.
GRACE_DAYS = 2
# The longest automatic schedule of Stripe is a month.
FEE_DUE_DAYS = 40
SETTLED_PLACES = ("clearing", "brought", "receivable", "fee")
RECORD_FIELDS = {"movement": "line_id", "payment": "payment_id", "payout": "payout_id"}


class CrmPayoutDrift(models.Model):
    """The comparison: facts are gathered in a fixed number of queries."""

    _inherit = "crm.payout.drift"

    @api.model
    def _refresh(self, connection, balance):
        """Compare, open what is new, close what is gone, tell a person once.

        :param balance: currency -> (available, pending), integers of Stripe
        """
        lines = self._find_open_lines(connection)
        take_rows(lines)
        lines._link()
        lines._settle_waiting()
        payments = self._find_lonely_payments(connection)
        payouts = self.env["crm.payout"].search([("connection_id", "=", connection.id)])
        found = rules.find_drifts(
            self._get_there(lines, payouts),
            [self._get_here(payment) for payment in payments],
            [self._get_payout_facts(payout) for payout in payouts],
            balances := self._get_balances(
                connection, balance, lines, payments, payouts
            ),
            today=fields.Date.context_today(self),
            grace_days=GRACE_DAYS,
            late_days=connection.company_id.payout_late_days,
        )
        self._store(connection, found, balances)

    # === Facts === #

    def _find_open_lines(self, connection):
        """Movements that are not settled in the books."""
        return self.env["crm.payout.line"].search(
            [
                ("connection_id", "=", connection.id),
                "|",
                ("place", "=", False),
                ("place", "not in", SETTLED_PLACES),
            ]
        )

    def _find_lonely_payments(self, connection):
        """Payments of the account that no movement names."""
        return self.env["account.payment"].search(
            [
                (
                    "payment_transaction_id.provider_id",
                    "=",
                    connection.payment_provider_id.id,
                ),
                ("state", "in", ("in_process", "paid")),
                ("date", ">=", connection.payout_since),
                ("payout_line_ids", "=", False),
            ]
        )

    def _get_there(self, lines, payouts):
        today = fields.Date.context_today(self)
        manual = payouts.filtered(lambda payout: not payout.is_automatic)
        last_manual = max(manual.mapped("created_at"), default=None)
        for line in lines:
            if line.place and (not line.entry_line_id or line.entry_line_id.reconciled):
                continue
            in_source = line.source_currency_id and line.role in ("payment", "refund")
            currency = line.source_currency_id if in_source else line.currency_id
            amount = abs(line.source_amount if in_source else line.amount)
            payment = line.payment_id
            age = today - line.created_at.date()
            is_manual = last_manual and line.available_at <= last_manual
            yield rules.There(
                key=line.id,
                day=line.created_at.date(),
                amount=exact(amount, currency),
                currency=currency.name,
                is_ours_expected=line.role in ("payment", "refund"),
                known=exact(payment.amount, payment.currency_id) if payment else None,
                known_currency=payment.currency_id.name or "",
                fee=exact(line.fee, line.currency_id),
                is_waiting=line.place == "waiting",
                is_fee_due=not line.payout_id
                and bool(is_manual or age > timedelta(days=FEE_DUE_DAYS)),
            )

    def _get_here(self, payment):
        return rules.Here(
            key=payment.id,
            day=payment.date,
            amount=exact(payment.amount_signed, payment.currency_id),
            currency=payment.currency_id.name,
        )

    def _get_payout_facts(self, payout):
        is_booked = payout.state in ("booked", "matched") and payout.is_automatic
        has_entry = payout.move_id.state == "posted"
        missing = payout.amount_fee if is_booked and not has_entry else 0
        return rules.PayoutFacts(
            key=payout.id,
            state=payout.state,
            arrival=payout.arrival_date,
            amount=exact(payout.amount, payout.currency_id),
            currency=payout.currency_id.name,
            fee_missing=exact(missing, payout.currency_id),
        )

    # === Balances === #

    def _get_balances(self, connection, balance, lines, payments, payouts):
        sums = {}

        def add(currency, name, amount):
            facts = sums.setdefault(currency.name, {})
            facts[name] = facts.get(name, Decimal(0)) + exact(amount, currency)

        for payout in payouts:
            if not payout.bank_line_id:
                add(payout.currency_id, "on_the_way", payout.amount)
            if payout.return_line_id:
                add(payout.currency_id, "on_the_way", payout.amount)
        for line in self._find_returned(connection) | lines.filtered(
            lambda x: not x.place and x.role != "returned"
        ):
            add(line.currency_id, "to_book", -line.net)
            for item in self._get_open_items(connection, line):
                add(item.currency_id, "to_book", item.amount_currency)
        for payment in payments:
            for item in self._get_clearing_items(connection, payment):
                add(item.currency_id, "only_here", item.amount_currency)
        for currency, amount in self._read_clearing(connection):
            add(currency, "clearing", amount)
        for code, pair in balance.items():
            facts = sums.setdefault(code, {})
            facts["stripe"] = from_minor(sum(pair), code)
        zero = Decimal(0)
        return [
            rules.BalanceFacts(
                currency=code,
                stripe=facts.get("stripe", zero),
                clearing=facts.get("clearing", zero),
                on_the_way=facts.get("on_the_way", zero),
                to_book=facts.get("to_book", zero),
                only_here=facts.get("only_here", zero),
            )
            for code, facts in sums.items()
        ]

    def _find_returned(self, connection):
        """Payouts that came back add nothing to clearing: it still held them."""
        return self.env["crm.payout.line"].search(
            [
                ("connection_id", "=", connection.id),
                ("role", "=", "returned"),
                ("place", "!=", "waiting"),
            ]
        )

    def _get_open_items(self, connection, line):
        return self._get_clearing_items(connection, line.payment_id)

    def _get_clearing_items(self, connection, payment):
        clearing = connection.payout_clearing_account_id
        return payment.move_id.line_ids.filtered(
            lambda item: item.account_id == clearing and item.parent_state == "posted"
        )

    def _read_clearing(self, connection):
        return self.env["account.move.line"]._read_group(
            [
                ("account_id", "=", connection.payout_clearing_account_id.id),
                ("parent_state", "=", "posted"),
            ],
            ["currency_id"],
            ["amount_currency:sum"],
        )

    # === Storing === #

    def _store(self, connection, found, balances):
        now = fields.Datetime.now()
        known = {
            drift.key: drift
            for drift in self.search([("connection_id", "=", connection.id)])
        }
        codes = {drift.currency for drift in found}
        currencies = self.env["crm.payout"]._get_currencies(codes)
        by_code = {facts.currency: facts for facts in balances}
        fresh = self.browse()
        values_list = []
        for drift in found:
            values = self._prepare_values(drift, currencies, by_code)
            old = known.pop(drift.key, None)
            if not old:
                values_list.append({**values, "connection_id": connection.id})
                continue
            if old._take(values, now):
                fresh |= old
        fresh |= self.create(values_list)
        gone = self.browse(
            drift.id for drift in known.values() if drift.state != "resolved"
        )
        gone.write({"state": "resolved", "resolved_at": now})
        gone._close_activity()
        fresh._tell_accountant(connection)

    def _prepare_values(self, drift, currencies, by_code):
        values = {
            "kind": drift.kind.value,
            "key": drift.key,
            "currency_id": currencies[drift.currency].id,
            "amount_there": float(drift.there),
            "amount_here": float(drift.here),
            "gap": float(drift.gap),
        }
        parts = drift.key.removeprefix("fee-").split(":")
        field = RECORD_FIELDS.get("movement" if parts[0] == "fee" else parts[0])
        if field:
            values[field] = int(parts[1])
        if drift.kind is rules.Kind.BALANCE:
            facts = by_code[drift.currency]
            names = ("stripe", "on_the_way", "to_book", "only_here", "expected")
            values["details"] = {
                name: float(getattr(facts, name)) for name in (*names, "clearing")
            }
        if "line_id" in values:
            line = self.env["crm.payout.line"].browse(values["line_id"])
            values["payout_id"] = line.payout_id.id
        return values

    def _take(self, values, now):
        """Follow what is known; say whether a person must be told again."""
        self.ensure_one()
        same = self.currency_id.compare_amounts(self.gap, values["gap"]) == 0
        is_back = self.state == "resolved" or (self.state == "accepted" and not same)
        if is_back:
            values = {
                **values,
                "state": "open",
                "found_at": now,
                "resolved_at": False,
                "accepted_by_id": False,
                "accept_reason": False,
                "told_at": False,
            }
        changed = {
            name: value
            for name, value in values.items()
            if name in ("state", "details", "payout_id") or not same or is_back
        }
        if changed:
            self.write(changed)
        return is_back
