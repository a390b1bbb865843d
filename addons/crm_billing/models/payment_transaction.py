from datetime import datetime, timedelta, timezone
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError

from odoo.addons.crm_integrations.row_lock import take_rows

from ..lib import minor_units
from ..lib.link_state import PROVE_PAYMENT, Fact, State

# Name of our part of the payment data given to core's `_process`.
SESSION_DATA = "crm_checkout"
# Stripe's clock and ours may differ a little.
PAGE_END_TOLERANCE_SECONDS = 300


class PaymentTransaction(models.Model):
    """A payment page at Stripe is a transaction: one page, one transaction.

    Draft while the page waits for the client, pending while a bank debit is on its
    way, done when the money came in, cancel when the page was closed unpaid.
    """

    _inherit = "payment.transaction"

    payment_link_id = fields.Many2one(
        "crm.payment.link", readonly=True, index="btree_not_null", ondelete="set null"
    )
    stripe_session_id = fields.Char(
        string="Stripe Payment Page", readonly=True, index="btree_not_null"
    )
    stripe_session_url = fields.Char(readonly=True)
    stripe_session_expires_at = fields.Datetime(readonly=True)

    # === Core's processing path === #

    def _extract_amount_data(self, payment_data):
        news = payment_data.get(SESSION_DATA)
        if news is None:
            return super()._extract_amount_data(payment_data)
        amount = minor_units.from_minor(news.amount_minor, news.currency)
        return {
            "amount": float(amount),
            "currency_code": news.currency,
            "precision_digits": self.currency_id.decimal_places,
        }

    def _apply_updates(self, payment_data):
        news = payment_data.get(SESSION_DATA)
        if news is None:
            return super()._apply_updates(payment_data)
        if news.payment_intent_id:
            self.provider_reference = news.payment_intent_id
        if payment_data["fact"] == Fact.PROCESSING:
            self._set_pending()
        else:
            # A page may be paid in the very minute we closed it.
            self._set_done(extra_allowed_states=("cancel",))

    # === What Stripe says === #

    def _receive_page(self, news):
        """The page asked for is open: its address makes the link usable."""
        self.ensure_one()
        self._take_page()
        if not self.stripe_session_id:
            self.write(
                {
                    "stripe_session_id": news.session_id,
                    "stripe_session_url": news.url,
                    "stripe_session_expires_at": datetime.fromtimestamp(
                        news.expires_at, timezone.utc
                    ).replace(tzinfo=None),
                }
            )
        link = self.payment_link_id
        if self == link.transaction_id and link.state == State.CREATING.value:
            link._learn(Fact.CREATED)
        elif self.state == "cancel":
            # Canceled here while Stripe was opening it.
            link._ask_expire(self)

    def _receive_fact(self, fact, news, *, by_check=False, at=None):
        """Record what is known of this payment page, whoever told it.

        :param fact: a `Fact`
        :param news: has `amount_minor`, `currency` and `payment_intent_id`
        :param by_check: the hourly check found it, no event came
        :param at: when it happened, now by default
        """
        self.ensure_one()
        self._take_page()
        link = self.payment_link_id
        if fact in PROVE_PAYMENT or fact == Fact.PROCESSING:
            was_done = self.state == "done"
            if not self._record_payment(fact, news):
                link._refuse_payment(self, news)
                return
            if self.state == "done" and not was_done:
                link._receive_money(self)
            link._learn(fact, by_check=by_check, at=at)
            if self.state == "done" and not was_done:
                self._book_payment()
            return
        is_page_only = fact == Fact.EXPIRED and self._is_daily_end()
        if self.state in ("draft", "pending"):
            self._close_unpaid(fact)
        if self == link.transaction_id and not is_page_only:
            reason = fact == Fact.PAYMENT_FAILED and self.state_message
            link._learn(fact, reason=reason, by_check=by_check, at=at)

    def _take_page(self):
        """Events and answers to our calls come at once: one of them after the other."""
        take_rows(self)
        take_rows(self.payment_link_id)

    def _is_daily_end(self):
        """Whether only this page has ended, as each does within a day.

        The link itself goes on and opens another one. A page closed before its
        time was closed by a person in Stripe: then the link has ended, too.
        """
        now = fields.Datetime.now()
        deadline = self.stripe_session_expires_at or now
        return self.payment_link_id.expires_at > now and deadline <= now + timedelta(
            seconds=PAGE_END_TOLERANCE_SECONDS
        )

    def _record_payment(self, fact, news):
        """Take the payment through core's checks.

        :return: whether amount and currency are those that were asked
        """
        if self.state == "done" or (fact == Fact.PROCESSING and self.state != "draft"):
            return True
        if not self._is_amount_expected(news):
            return False
        if self.state == "error":
            # A later proof of payment outweighs an earlier failure.
            self.state = "draft"
        self._process("stripe", {SESSION_DATA: news, "fact": fact})
        return True

    def _is_amount_expected(self, news):
        amount = minor_units.from_minor(news.amount_minor, news.currency)
        expected = Decimal(str(self.amount))
        return (
            news.currency == self.currency_id.name
            and self.currency_id.compare_amounts(float(amount), float(expected)) == 0
        )

    def _close_unpaid(self, fact):
        if fact == Fact.PAYMENT_FAILED:
            self._set_error(self.env._("The bank refused the payment."))
        elif self.state == "draft":
            self._set_canceled()

    # === Books === #

    def _book_payment(self):
        """Post the payment now; what prevents it is said, not raised.

        The money is there whatever our books lack, so the transaction stays done
        and the link shows what to complete.
        """
        for transaction in self:
            link = transaction.payment_link_id
            link = link or transaction.source_transaction_id.payment_link_id
            trouble = transaction._get_booking_trouble()
            if not trouble:
                try:
                    with self.env.cr.savepoint():
                        transaction._post_process()
                except (UserError, RedirectWarning) as error:
                    trouble = str(error.args[0])
            link.booking_note = trouble

    def _get_booking_trouble(self):
        """Return what is missing to post the payment, False when nothing is."""
        self.ensure_one()
        company = self.company_id
        if not company.root_id.sudo().chart_template:
            return self.env._(
                "The payment is recorded but not in the books: company %(company)s has"
                " no chart of accounts. Install one in Invoicing, then press"
                " 'Record in the books'.",
                company=company.name,
            )
        if not self.provider_id.journal_id:
            return self.env._(
                "The payment is recorded but not in the books: choose a payment journal"
                " on the provider %(provider)s, then press 'Record in the books'.",
                provider=self.provider_id.name,
            )
        return False

    def _create_payment(self, **extra_create_values):
        """Core's cron comes here too: same sentence instead of a traceback."""
        links = self.payment_link_id | self.source_transaction_id.payment_link_id
        if links and self._get_booking_trouble():
            return self.env["account.payment"]
        payment = super()._create_payment(**extra_create_values)
        if self.operation == "refund" and self.source_transaction_id.payment_link_id:
            self._release_disputed_payment()
            self._reconcile_refund(payment)
        return payment

    def _reconcile_refund(self, payment):
        """Let a refund consume the deposit it gives back, when it is still there."""
        deposit = self.source_transaction_id.payment_id
        account = payment.destination_account_id
        lines = (deposit.move_id.line_ids + payment.move_id.line_ids).filtered(
            lambda line: line.account_id == account and not line.reconciled
        )
        if account.reconcile and len(lines.move_id) > 1:
            lines.reconcile()

    # === Disputes === #

    def _receive_dispute(self, news, event_type, at):
        """The client's bank contests the payment, or has decided."""
        self.ensure_one()
        link = self.payment_link_id
        self._receive_fact(Fact.PAID, news, at=at)
        if self.state != "done":
            return
        if event_type == "charge.dispute.closed":
            if news.status == "won" and link._learn(Fact.DISPUTE_WON):
                known = link._get_refunded_minor()
                link._receive_refunded(self, known)
                link.dispute_status = "won"
            elif news.status == "lost" and link.dispute_status != "lost":
                self._receive_lost_dispute(news)
            return
        due = news.due_by and datetime.fromtimestamp(news.due_by, timezone.utc).date()
        if link._learn(Fact.DISPUTED, reason=link._describe_dispute(news.reason, due)):
            link.write({"dispute_status": "open", "dispute_due_on": due})
            link._plan_dispute_answer(due)

    # === Refunds === #

    def _receive_refunds(self, refunds):
        """Make Stripe's list of refunds ours, each as a child transaction.

        :param refunds: list of `RefundNews`
        """
        self.ensure_one()
        known = {}
        for child in self.child_transaction_ids:
            known[child.provider_reference] = known[child.reference] = child
        for refund in refunds:
            # One asked for from here may not have its answer yet.
            ours = known.get(refund.metadata.get("reference") or "-")
            child = known.get(refund.refund_id) or ours
            if child is None and refund.status in ("failed", "canceled"):
                continue
            child = child or self._create_refund(refund)
            self._update_refund(child, refund)
        succeeded = sum(r.amount_minor for r in refunds if r.status == "succeeded")
        self.payment_link_id._receive_refunded(self, succeeded, is_exact=True)

    def _create_refund(self, refund):
        amount = minor_units.from_minor(refund.amount_minor, refund.currency)
        return self._create_child_transaction(
            float(amount), is_refund=True, provider_reference=refund.refund_id
        )

    def _update_refund(self, child, refund):
        wanted = {"succeeded": "done", "pending": "pending", "failed": "error"}
        if child.state == wanted.get(refund.status, child.state):
            return
        child._process(
            "stripe",
            {
                "refund": {
                    "id": refund.refund_id,
                    "amount": refund.amount_minor,
                    "currency": refund.currency.lower(),
                    "status": refund.status,
                }
            },
        )
        if child.state == "done":
            child._book_payment()
