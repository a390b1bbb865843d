from datetime import datetime, time, timedelta, timezone

from odoo import models
from odoo.tools import groupby

from odoo.addons.crm_billing.lib.stripe_payout import MovementNews, PayoutNews, role_of

# Prices of European cards in France, in percent and cents.
FEE_PERCENT, FEE_CENTS = 1.5, 25
DISPUTE_CENTS = 2000
# Days from the payment to its payout, and from a payout to the bank line.
PAYOUT_DAYS, BANK_DAYS = 3, 1
# One payout younger than this waits for its line, one older than that is late.
YOUNG_DAYS, LATE_DAYS = 3, 8


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _get_chapters(self):
        chapters = super()._get_chapters()
        chapters.insert(chapters.index("payment_link") + 1, "payout")
        return chapters

    def _is_ready(self, chapter):
        if chapter == "payout":
            return super()._is_ready("payment_link")
        return super()._is_ready(chapter)

    def _tell_payout(self):
        """Let Stripe pay out what clients paid, and the bank receive most of it."""
        lumen = self._recall("company", "lumen")
        lumen.payout_accountant_id = self._recall("user", "catherine")
        for key in ("lumen", "nadia"):
            company = self._recall("company", key)
            connection = self._recall("connection", key).with_company(company)
            if connection.payout_clearing_account_id:
                self._tell_payouts_of(connection, has_trouble=key == "lumen")

    def _tell_payouts_of(self, connection, has_trouble):
        movements = self._list_movements(connection)
        if has_trouble and movements:
            movements[-1:-1] = [self._imagine_elsewhere(movements[-1])]
        today = self._get_today()
        # Payouts older than the set-up are part of this story all the same.
        connection.payout_since = today - timedelta(days=365)
        weeks = groupby(
            movements, key=lambda row: self._get_day_of(row).isocalendar()[:2]
        )
        payouts = [
            self._tell_one_payout(connection, number, list(week))
            for number, (_key, week) in enumerate(weeks, 1)
        ]
        self._tell_bank_lines(payouts, has_trouble)
        quiet = connection._as_bookkeeper().with_context(crm_payout_no_mail=True)
        quiet._receive_stripe_balance({})

    # === What Stripe would have said === #

    def _list_movements(self, connection):
        """Each payment and refund of the account, oldest first."""
        transactions = self.env["payment.transaction"].search(
            [
                ("provider_id", "=", connection.payment_provider_id.id),
                ("state", "=", "done"),
                ("payment_id", "!=", False),
            ]
        )
        movements = [
            self._imagine_movement(transaction) for transaction in transactions
        ]
        disputed = transactions.filtered(
            lambda tx: tx.payment_link_id.state == "disputed"
        )
        movements += [self._imagine_dispute(transaction) for transaction in disputed]
        return sorted(movements, key=lambda movement: movement.created_at)

    def _imagine(self, name, kind, amount, fee, at, currency, **values):
        return MovementNews(
            remote_id=f"txn_demo_{name}",
            kind=kind,
            category=values.get("category", kind),
            role=role_of(kind, values.get("category", kind)),
            amount_minor=amount,
            fee_minor=fee,
            net_minor=amount - fee,
            currency=currency,
            created_at=at,
            available_at=at + PAYOUT_DAYS * 86_400,
            description=values.get("description", ""),
            source_id=values.get("source", ""),
            payment_intent_id=values.get("intent", ""),
            metadata={},
            source_minor=abs(amount),
            source_currency=currency,
            exchange_rate=0,
            fees=(("stripe_fee", fee, "Stripe processing fees"),) if fee else (),
        )

    def _imagine_movement(self, transaction):
        payment = transaction.payment_id
        amount = self._get_minor(abs(transaction.amount))
        is_refund = transaction.operation == "refund"
        return self._imagine(
            f"{transaction.id:05d}",
            "refund" if is_refund else "charge",
            -amount if is_refund else amount,
            0 if is_refund else round(amount * FEE_PERCENT / 100) + FEE_CENTS,
            self._get_seconds(payment.date, 10),
            transaction.currency_id.name,
            source=transaction.provider_reference
            if is_refund
            else f"ch_demo_{transaction.id:05d}",
            intent="" if is_refund else transaction.provider_reference,
        )

    def _imagine_dispute(self, transaction):
        return self._imagine(
            f"dp_{transaction.id:05d}",
            "adjustment",
            -self._get_minor(transaction.amount),
            DISPUTE_CENTS,
            self._get_seconds(transaction.payment_id.date, 12),
            transaction.currency_id.name,
            category="dispute",
            source=f"dp_demo_{transaction.id:05d}",
            intent=transaction.provider_reference,
        )

    def _imagine_elsewhere(self, newest):
        """A payment taken in Stripe's dashboard, which nobody here knows."""
        amount = 18_000
        return self._imagine(
            "elsewhere",
            "charge",
            amount,
            round(amount * FEE_PERCENT / 100) + FEE_CENTS,
            newest.created_at - 3600,
            newest.currency,
            source="ch_demo_elsewhere",
            description=self.env._("Payment taken in the dashboard"),
        )

    def _get_seconds(self, day, hour):
        return int(datetime.combine(day, time(hour), timezone.utc).timestamp())

    def _get_day_of(self, movement):
        return datetime.fromtimestamp(movement.created_at, timezone.utc).date()

    # === Payouts and the bank === #

    def _tell_one_payout(self, connection, number, movements):
        today = self._get_today()
        last = self._get_day_of(movements[-1])
        arrival = min(last + timedelta(days=PAYOUT_DAYS), today)
        company = connection.company_id
        payouts = self.env["crm.payout"]
        news = PayoutNews(
            remote_id=f"po_demo_{company.id}_{number:03d}",
            amount_minor=sum(movement.net_minor for movement in movements),
            currency=company.currency_id.name,
            status="paid",
            is_automatic=True,
            is_complete=True,
            created_at=self._get_seconds(arrival - timedelta(days=1), 6),
            arrival_at=self._get_seconds(arrival, 12),
            trace_id=f"STDEMO{company.id:02d}{number:04d}",
        )
        values = payouts._prepare_values(news, company.currency_id)
        payout = payouts.create({**values, "connection_id": connection.id})
        self.env["crm.payout.line"]._receive(connection, payout, movements)
        # Booked now: the job would come after the bank lines of the story.
        payout.with_context(queue_job__no_delay=True)._finish_lines()
        return payout

    def _tell_bank_lines(self, payouts, has_trouble):
        """Most payouts are on the statement; one is young, one is late."""
        today = self._get_today()
        arrived = [
            payout
            for payout in payouts
            if (today - payout.arrival_date).days >= YOUNG_DAYS
            and payout.state == "booked"
        ]
        late = [p for p in arrived if (today - p.arrival_date).days >= LATE_DAYS]
        missing = late[-1:] if has_trouble else []
        for payout in arrived:
            if payout in missing:
                continue
            line = self.env["account.bank.statement.line"].create(
                {
                    "journal_id": self._find_bank(payout.company_id).id,
                    "date": payout.arrival_date + timedelta(days=BANK_DAYS),
                    "amount": payout.amount,
                    "payment_ref": f"VIR SEPA STRIPE {payout.trace_id}",
                }
            )
            payout._as_bookkeeper()._try_match(line)

    def _find_bank(self, company):
        """Return the journal of the company's bank, not the one of Stripe."""
        return self.env["account.journal"].search(
            [
                ("company_id", "=", company.id),
                ("type", "=", "bank"),
                ("inbound_payment_method_line_ids.payment_provider_id", "=", False),
            ],
            order="id",
            limit=1,
        )
