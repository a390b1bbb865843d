from decimal import Decimal

from markupsafe import Markup

from odoo import fields, models
from odoo.tools.misc import format_date

from ..lib import minor_units
from ..lib.link_state import SETTLED, Fact, State, decide, refund_fact
from .crm_payment_link import SETTLED_STATES


class CrmPaymentLink(models.Model):
    """How a link moves, and who is told."""

    _inherit = "crm.payment.link"

    # === Learning === #

    def _learn(self, fact, *, reason=False, by_check=False, at=None):
        """Move by the table of `lib/link_state.py` and tell the document."""
        self.ensure_one()
        decision = decide(State(self.state), fact)
        if not decision.is_change:
            return False
        values = {"state": decision.state.value, "state_reason": reason}
        if decision.state in SETTLED and not self.paid_at:
            paid_at = at or fields.Datetime.now()
            values["paid_at"] = paid_at
            values["date_paid"] = fields.Date.context_today(self, paid_at)
        self.write(values)
        self._tell_document(by_check)
        if fact == Fact.PAID:
            self._emit("paid")
        return True

    def _receive_money(self, transaction):
        """A page was paid: close the newer page, warn about a second payment."""
        self.ensure_one()
        if self.state in SETTLED_STATES:
            self._post(
                self.env._(
                    "A second payment of %(amount)s arrived for the same link: refund"
                    " one of them in Stripe.",
                    amount=self.currency_id.format(transaction.amount),
                )
            )
        elif transaction != self.transaction_id:
            self._ask_expire(self.transaction_id)

    def _refuse_payment(self, transaction, news):
        """The money announced is not what was asked: never "paid"."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", news.currency)], limit=1)
        announced = minor_units.from_minor(news.amount_minor, news.currency)
        reason = self.env._(
            "Stripe announces %(announced)s instead of %(expected)s: nothing was"
            " recorded as paid. Check the payment in Stripe.",
            announced=currency.format(float(announced))
            if currency
            else f"{announced} {news.currency}",
            expected=self.currency_id.format(self.amount),
        )
        if transaction.state != "error":
            transaction._set_error(reason, extra_allowed_states=("cancel",))
        if self.state not in SETTLED_STATES and self.state_reason != reason:
            self.write({"state": State.FAILED.value, "state_reason": reason})
            self._tell_document(False)

    def _receive_refunded(self, transaction, refunded_minor, *, is_exact=False):
        """Take over the total that went back.

        :param is_exact: from Stripe's list; an event may be older than what we know
        """
        self.ensure_one()
        currency = self.currency_id.name
        amount_minor = minor_units.to_minor(Decimal(str(self.amount)), currency)
        known = self._get_refunded_minor()
        total = refunded_minor if is_exact else max(known, refunded_minor)
        if total != known:
            self.refunded_amount = float(minor_units.from_minor(total, currency))
        fact = refund_fact(amount_minor, total)
        if fact and not self._learn(fact) and total != known:
            self._tell_document(False)
        return fact

    def _get_refunded_minor(self):
        return minor_units.to_minor(
            Decimal(str(self.refunded_amount)), self.currency_id.name
        )

    def _describe_dispute(self, code, due):
        """Say why the bank contests and until when to answer.

        :param code: Stripe's word for the reason, shown as it is when unknown
        """
        reason = self.env._(
            "Reason given by the bank: %(reason)s.",
            reason=self._get_dispute_reasons().get(code, code or "?"),
        )
        if not due:
            return reason + " " + self.env._("Answer in Stripe.")
        return (
            reason
            + " "
            + self.env._("Answer in Stripe before %s.", format_date(self.env, due))
        )

    def _get_dispute_reasons(self):
        return {
            "credit_not_processed": self.env._("promised refund not received"),
            "debit_not_authorized": self.env._("debit not authorized"),
            "duplicate": self.env._("paid twice"),
            "fraudulent": self.env._("payment called fraudulent"),
            "general": self.env._("not specified"),
            "insufficient_funds": self.env._("insufficient funds"),
            "product_not_received": self.env._("service or product not received"),
            "product_unacceptable": self.env._("service or product not as agreed"),
            "subscription_canceled": self.env._("subscription canceled"),
            "unrecognized": self.env._("payment not recognized"),
        }

    def _plan_dispute_answer(self, due):
        """Somebody must answer the bank in time."""
        user = self._get_document().user_id or self.connection_id.responsible_id
        self._get_thread().activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=due or fields.Date.context_today(self),
            summary=self.env._("Answer the dispute in Stripe"),
            note=self.state_reason,
            user_id=user.id,
        )

    # === Telling === #

    def _get_waiting_problem(self):
        """Why the page is not there yet; False while nothing is wrong."""
        # sudo: a seller does not read connections; a cause holds no secret
        connection, exchange = self.sudo().connection_id, self.sudo().exchange_id
        if connection.state == "off":
            return self.env._(
                "The connection to Stripe is turned off: the link waits until an"
                " administrator turns it on in CRM Suite, Connections."
            )
        code = exchange.cause_code or (
            connection.state == "error" and connection.error_code
        )
        if not code:
            return False
        cause = exchange._fields["cause_code"].convert_to_export(code, exchange)
        if connection.is_paused:
            return self.env._(
                "Stripe has not answered yet: %(cause)s. The link waits until an"
                " administrator corrects the keys in CRM Suite, Connections.",
                cause=cause,
            )
        return self.env._(
            "Stripe has not answered yet: %(cause)s. It is tried again.", cause=cause
        )

    def _tell_document(self, by_check):
        """One dated line in the thread, and the open form follows."""
        self.ensure_one()
        message = self._get_state_message()
        if by_check:
            message += Markup(" ") + self.env._("(found by the hourly check)")
        self._post(message)
        self._notify_document()

    def _get_thread(self):
        """Return the document, the connection once the document was deleted."""
        document = self._get_document()
        return document._get_payment_thread() if document else self.connection_id

    def _post(self, message):
        self._get_thread().message_post(
            body=message, author_id=self.env.ref("base.partner_root").id
        )

    def _notify_document(self):
        document = self._get_document()
        if document:
            # channel is safe: the record itself, granted to its readers only
            self.env["bus.bus"]._sendone(
                document,
                "crm_billing.payment_link",
                {"model": document._name, "id": document.id, "state": self.state},
            )

    def _get_state_message(self):
        values = {
            "amount": self.currency_id.format(self.amount),
            "refunded": self.currency_id.format(self.refunded_amount),
            "reason": self.state_reason or "",
            "until": fields.Datetime.context_timestamp(self, self.expires_at).strftime(
                "%d/%m/%Y"
            ),
        }
        messages = {
            State.WAITING: self.env._(
                "Payment link of %(amount)s ready, valid until %(until)s."
            ),
            State.PROCESSING: self.env._(
                "Bank debit of %(amount)s in progress, a few days."
            ),
            State.PAID: self.env._("Payment of %(amount)s received."),
            State.EXPIRED: self.env._(
                "Payment link of %(amount)s expired without payment."
            ),
            State.CANCELED: self.env._("Payment link of %(amount)s canceled."),
            State.FAILED: self.env._("Payment of %(amount)s failed. %(reason)s"),
            State.PART_REFUNDED: self.env._("%(refunded)s of %(amount)s refunded."),
            State.REFUNDED: self.env._("Payment of %(amount)s refunded in full."),
            State.DISPUTED: self.env._("Payment of %(amount)s disputed. %(reason)s"),
            State.CREATING: self.env._("New payment page of %(amount)s asked for."),
        }
        message = messages[State(self.state)] % values
        if self.state == State.CANCELED.value and self.state_reason:
            message = f"{message} {self.state_reason}"
        return Markup("%s") % message

    def _emit(self, what):
        """Announce to other addons: `deal.paid`, `invoice.paid`, ..."""
        document = self._get_document()
        prefix = document._get_payment_event_prefix() if document else "deal"
        self.env["crm.hook"]._emit_event(
            f"{prefix}.{what}", document, self._prepare_event_payload()
        )

    def _prepare_event_payload(self):
        self.ensure_one()
        return {
            "link": self.name,
            "state": self.state,
            "amount": self.amount,
            "currency": self.currency_id.name,
            "refunded_amount": self.refunded_amount,
            "paid_at": self.paid_at and self.paid_at.isoformat(),
            "partner_id": self.partner_id.id,
        }
