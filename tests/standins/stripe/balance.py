"""The balance of an account: transactions with fees, and payouts to the bank."""

from decimal import ROUND_HALF_UP, Decimal

from . import money
from .errors import ApiError
from .store import new_id

DAY_SECONDS = 86_400


def balance_transaction(now, kind, amount, currency, **values):
    """A balance transaction with every field the real ones carry."""
    fees = values.get("fees") or []
    fee = sum(row["amount"] for row in fees)
    return {
        "id": new_id("txn_"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": values.get("available_on", now),
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": values.get("description"),
        "exchange_rate": values.get("exchange_rate"),
        "fee": fee,
        "fee_details": fees,
        "net": amount - fee,
        "reporting_category": values.get("category") or kind,
        "source": values.get("source"),
        "status": "pending",
        "type": kind,
        "_payout": None,
    }


def payout_object(account, now, amount, currency, **values):
    """A payout with every field the real ones carry."""
    automatic = values["automatic"]
    return {
        "id": new_id("po_"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": values["arrival_date"],
        "automatic": automatic,
        "balance_transaction": None,
        "created": now,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": new_id("ba_"),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": account.livemode,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


class Balance:
    """Writes what each movement of money costs and pays balances out."""

    def __init__(self, state, emit):
        self.state = state
        self.emit = emit

    def now(self):
        return int(self.state.now())

    # === Transactions === #

    def record_charge(self, account, charge):
        """A charge went through: gross in, Stripe's fee out."""
        settings = self.state.settings
        is_card = charge["payment_method_details"]["type"] == "card"
        amount, currency, rate = self._settle(
            account, charge["amount"], charge["currency"]
        )
        fixed = settings.card_fee_fixed if is_card else settings.debit_fee_fixed
        percent = settings.card_fee_percent if is_card else 0
        fee = min(_percent(amount, percent) + _fixed(fixed, currency), amount)
        item = self.add(
            account,
            "charge" if is_card else "payment",
            amount,
            currency,
            fees=[_fee_row(fee, currency)],
            category="charge",
            source=charge["id"],
            description=charge["description"],
            exchange_rate=rate,
        )
        charge["balance_transaction"] = item["id"]

    def record_refund(self, account, refund, charge):
        """A refund takes the gross back; the fee is not returned."""
        amount, currency, rate = self._settle(
            account, refund["amount"], refund["currency"]
        )
        is_card = charge["id"].startswith("ch_")
        item = self.add(
            account,
            "refund" if is_card else "payment_refund",
            -amount,
            currency,
            category="refund",
            source=refund["id"],
            exchange_rate=rate,
        )
        refund["balance_transaction"] = item["id"]

    def record_dispute(self, account, dispute, won=False):
        """The disputed sum leaves with a fee; when won the sum comes back."""
        amount, currency, rate = self._settle(
            account, dispute["amount"], dispute["currency"]
        )
        fee = _fixed(self.state.settings.dispute_fee, currency)
        item = self.add(
            account,
            "adjustment",
            amount if won else -amount,
            currency,
            fees=[] if won else [_fee_row(fee, currency, "Dispute fee")],
            category="dispute_reversal" if won else "dispute",
            source=dispute["id"],
            description=f"Chargeback withdrawal for {dispute['charge']}",
            exchange_rate=rate,
        )
        dispute["balance_transactions"] = [*dispute["balance_transactions"], item]

    def add(self, account, kind, amount, currency, **values):
        """Write one transaction of any type."""
        if "available_on" not in values:
            delay = self.state.settings.payout_delay_days * DAY_SECONDS
            values["available_on"] = self.now() + delay
        item = balance_transaction(self.now(), kind, amount, currency, **values)
        return account.put("balance_transaction", item)

    def _settle(self, account, amount, currency):
        """Return (amount, currency, rate) as the account keeps them."""
        if currency == account.currency or currency in account.settles:
            return amount, currency, None
        rate = self.state.settings.rates.get(currency, 1.0)
        shift = money.decimals(account.currency) - money.decimals(currency)
        exact = Decimal(amount) * Decimal(str(rate)) * Decimal(10) ** shift
        return _whole(exact), account.currency, rate

    # === Payouts === #

    def pay_out(self, account, values):
        """Pay the balance out; ``amount`` alone makes it a manual payout.

        Others: ``currency``, ``sources`` (charges or refunds; all by default),
        ``limit`` (oldest lines only), ``status`` (paid), ``hold`` (the breakdown is
        not ready), ``skew`` (added to the payout: its lines do not add up),
        ``arrival_days``, ``trace_id`` (False: the bank gives none).
        """
        currency = values.get("currency") or account.currency
        automatic = "amount" not in values
        rows = self._rows_to_pay(account, currency, values) if automatic else []
        if automatic and not rows:
            raise ApiError("Nothing to pay out.")
        amount = sum(row["net"] for row in rows) if automatic else values["amount"]
        now = self.now()
        payout = payout_object(
            account,
            now,
            amount + values.get("skew", 0),
            currency,
            automatic=automatic,
            arrival_date=now + values.get("arrival_days", 0) * DAY_SECONDS,
        )
        account.put("payout", payout)
        for row in rows:
            row["_payout"] = payout["id"]
        own = self.add(
            account,
            "payout",
            -payout["amount"],
            currency,
            source=payout["id"],
            available_on=now,
        )
        own["_payout"] = payout["id"] if automatic else None
        payout["balance_transaction"] = own["id"]
        self.emit(account, "payout.created", payout)
        if values.get("trace_id", True):
            payout["trace_id"] = {"status": "supported", "value": new_id("ST", 10)}
        status = values.get("status", "paid")
        self.update(account, payout, status, complete=not values.get("hold"))
        return payout

    def _rows_to_pay(self, account, currency, values):
        rows = [
            row
            for row in account.objects.get("balance_transaction", {}).values()
            if row["_payout"] is None
            and row["currency"] == currency
            and row["type"] != "payout"
        ]
        if values.get("sources"):
            rows = [row for row in rows if row["source"] in values["sources"]]
        return rows[: values.get("limit", len(rows))]

    def update(self, account, payout, status, complete=True):
        """A payout arrives, and its breakdown is ready."""
        payout["status"] = status
        self.emit(account, "payout.updated", payout)
        if status == "paid":
            self.emit(account, "payout.paid", payout)
        if payout["automatic"] and complete:
            payout["reconciliation_status"] = "completed"
            self.emit(account, "payout.reconciliation_completed", payout)
        return payout

    def fail(self, account, payout, code="account_closed"):
        """The bank sends the payout back: it is in the balance again."""
        payout.update(
            status="failed",
            failure_code=code,
            failure_message="The bank account has been closed.",
        )
        item = self.add(
            account,
            "payout_failure",
            payout["amount"],
            payout["currency"],
            source=payout["id"],
        )
        payout["failure_balance_transaction"] = item["id"]
        self.emit(account, "payout.failed", payout)
        return payout

    # === The balance itself === #

    def total(self, account):
        """The object of ``GET /v1/balance``."""
        sums = {}
        for row in account.objects.get("balance_transaction", {}).values():
            available, pending = sums.get(row["currency"], (0, 0))
            if self.status_of(row) == "available":
                available += row["net"]
            else:
                pending += row["net"]
            sums[row["currency"]] = (available, pending)
        sums = sums or {account.currency: (0, 0)}
        available, pending = (
            [{"amount": pair[i], "currency": code} for code, pair in sums.items()]
            for i in (0, 1)
        )
        return {
            "object": "balance",
            "available": available,
            "livemode": account.livemode,
            "pending": pending,
        }

    def status_of(self, row):
        """Money is available some days after the charge, or once paid out."""
        is_due = row["available_on"] <= self.now() or row["_payout"] is not None
        return "available" if is_due else "pending"


def _percent(amount, percent):
    return _whole(Decimal(amount) * Decimal(str(percent)) / 100)


def _fixed(cents, currency):
    """An amount set in hundredths, in the smallest unit of a currency."""
    return _whole(Decimal(cents) * Decimal(10) ** (money.decimals(currency) - 2))


def _whole(value):
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _fee_row(amount, currency, description="Stripe processing fees"):
    return {
        "amount": amount,
        "application": None,
        "currency": currency,
        "description": description,
        "type": "stripe_fee",
    }
