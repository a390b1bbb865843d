import json
from datetime import datetime, timezone

from odoo import fields, models

from odoo.addons.crm_base.lib.errors import MalformedAnswerError
from odoo.addons.crm_integrations.exceptions import IgnoreExchange

from .. import const
from ..lib import stripe_session as shapes
from ..lib.link_state import Fact, State


def decode(body):
    """Return the object of a body; raise our error when it is none."""
    try:
        item = json.loads(body)
    except ValueError:
        raise MalformedAnswerError("the body is not JSON") from None
    if not isinstance(item, dict):
        raise MalformedAnswerError("the body is not an object")
    return item


class CrmConnection(models.Model):
    """What Stripe tells us: events of the webhook and answers to our calls."""

    _inherit = "crm.connection"

    # === Events === #

    def _process_incoming_stripe(self, exchange):
        """Apply one event; in any order, any number of times, it ends the same."""
        handler = self._get_stripe_handlers().get(exchange.event)
        if handler is None:
            raise IgnoreExchange(self.env._("This type of event is not used."))
        event = decode(exchange._get_body())
        try:
            handler(event["data"]["object"], event, exchange)
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedAnswerError(
                f"the event has another shape ({type(error).__name__}: {error})"
            ) from None

    def _get_stripe_handlers(self):
        """Return {type of event: handler(object, event, exchange)}.

        Each part of the addon adds its own.
        """
        return {
            "checkout.session.completed": self._on_stripe_session,
            "checkout.session.async_payment_succeeded": self._on_stripe_session,
            "checkout.session.async_payment_failed": self._on_stripe_session,
            "checkout.session.expired": self._on_stripe_session,
            "charge.refunded": self._on_stripe_refunded,
            "refund.failed": self._on_stripe_refund_failed,
            "charge.refund.updated": self._on_stripe_refund_failed,
            "charge.dispute.created": self._on_stripe_dispute,
            "charge.dispute.closed": self._on_stripe_dispute,
        }

    def _get_event_time(self, event):
        created = event.get("created")
        if not created:
            return fields.Datetime.now()
        return datetime.fromtimestamp(int(created), timezone.utc).replace(tzinfo=None)

    def _find_page(self, *, session_id="", payment_intent_id="", metadata=None):
        """Return the transaction of a payment page of this account."""
        pages = self.env["payment.transaction"]
        account = ("provider_id", "=", self.payment_provider_id.id)
        if session_id:
            domain = [account, ("stripe_session_id", "=", session_id)]
            if page := pages.search(domain, limit=1):
                return page
        if payment_intent_id:
            domain = [
                account,
                ("provider_reference", "=", payment_intent_id),
                ("payment_link_id", "!=", False),
            ]
            if page := pages.search(domain, limit=1):
                return page
        reference = (metadata or {}).get("reference")
        # Our references are unique in this database only.
        if not reference or metadata.get("database") != self.env.cr.dbname:
            return pages
        domain = [
            account,
            ("reference", "=", reference),
            ("payment_link_id", "!=", False),
        ]
        return pages.search(domain, limit=1)

    def _ignore_foreign(self):
        raise IgnoreExchange(
            self.env._("This payment was not asked for from here: nothing to do.")
        )

    def _on_stripe_session(self, item, event, exchange):
        news = shapes.read_session(item, event["type"])
        page = self._find_page(session_id=news.session_id, metadata=news.metadata)
        if not page:
            self._ignore_foreign()
        if not page.stripe_session_id:
            # The event overtook the answer to our own call.
            page._receive_page(news)
        if news.fact:
            page._receive_fact(news.fact, news, at=self._get_event_time(event))

    def _on_stripe_refunded(self, item, event, exchange):
        news = shapes.read_charge(item)
        page = self._find_page(
            payment_intent_id=news.payment_intent_id, metadata=news.metadata
        )
        if not page:
            self._ignore_foreign()
        page._receive_fact(Fact.PAID, news, at=self._get_event_time(event))
        page.payment_link_id._receive_refunded(page, news.refunded_minor)
        self._ask_refunds(news.payment_intent_id, exchange, page)

    def _on_stripe_refund_failed(self, item, event, exchange):
        intent = item.get("payment_intent") or ""
        page = self._find_page(payment_intent_id=intent)
        if not page:
            self._ignore_foreign()
        self._ask_refunds(intent, exchange, page)

    def _ask_refunds(self, payment_intent_id, exchange, page):
        """Refunds themselves are not in the event: list them."""
        self._enqueue(
            const.CALL_REFUNDS,
            json.dumps({"payment_intent": payment_intent_id}).encode(),
            idempotency_key=f"refunds-{exchange.remote_id or exchange.id}",
            record=page,
            personal=False,
        )

    def _on_stripe_dispute(self, item, event, exchange):
        news = shapes.read_dispute(item)
        page = self._find_page(payment_intent_id=news.payment_intent_id)
        if page:
            page._receive_dispute(news, event["type"], self._get_event_time(event))
        elif news.payment_intent_id:
            # A dispute carries none of our references: ask which page was paid.
            self._enqueue(
                const.CALL_FIND,
                json.dumps(
                    {
                        "payment_intent": news.payment_intent_id,
                        "event_exchange": exchange.id,
                    }
                ).encode(),
                idempotency_key=f"find-{exchange.remote_id}",
                personal=False,
            )
        else:
            self._ignore_foreign()

    # === Answers === #

    def _apply_result_stripe(self, exchange, result):
        """Apply the answer to one of our calls."""
        answer = decode(result.body)
        is_page = exchange.res_model == "payment.transaction"
        page = self.env["payment.transaction"].browse(is_page and exchange.res_id or [])
        try:
            self._apply_stripe_answer(exchange, page, answer)
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedAnswerError(
                f"Stripe's answer has another shape ({type(error).__name__})",
                status=result.status,
            ) from None

    def _apply_stripe_answer(self, exchange, page, answer):
        """Write what an answer means; each part of the addon knows its own calls.

        :param page: the transaction the exchange is about, may be empty
        :param dict answer: decoded
        """
        if exchange.event == const.CALL_REFUNDS:
            refunds = [shapes.read_refund(row) for row in answer["data"]]
            page._receive_refunds(refunds)
        elif exchange.event == const.CALL_FIND:
            self._apply_found(exchange, answer["data"])
        else:
            self._apply_session(exchange, page, shapes.read_session(answer))

    def _apply_session(self, exchange, page, news):
        if exchange.event == const.CALL_CREATE:
            page._receive_page(news)
        elif news.fact:
            by_check = exchange.event == const.CALL_CHECK
            page._receive_fact(news.fact, news, by_check=by_check)

    def _apply_found(self, exchange, sessions):
        request = decode(exchange._get_body())
        for item in sessions:
            news = shapes.read_session(item)
            page = self._find_page(session_id=news.session_id, metadata=news.metadata)
            if page and news.fact:
                page._receive_fact(news.fact, news)
                page.provider_reference = news.payment_intent_id
                source = self.env["crm.exchange"].browse(request["event_exchange"])
                event = decode(source._get_body())
                dispute = shapes.read_dispute(event["data"]["object"])
                page._receive_dispute(
                    dispute, event["type"], self._get_event_time(event)
                )

    def _on_exchange_failed_stripe(self, exchange, trouble):
        """A call failed for good: the document says why, a person decides."""
        is_page = exchange.res_model == "payment.transaction"
        page = self.env["payment.transaction"].browse(is_page and exchange.res_id or [])
        link = page.payment_link_id
        if exchange.event == const.CALL_CREATE and page == link.transaction_id:
            if page.state == "draft":
                page._set_error(trouble.message)
            link._learn(
                Fact.CREATION_FAILED,
                reason=self.env._(
                    "Stripe did not open the payment page: %(cause)s",
                    cause=trouble.message,
                ),
            )
        elif exchange.event == const.CALL_EXPIRE and link.state != State.PAID.value:
            # No longer open: it may just have been paid.
            link._ask_check(page, f"after-{exchange.id}")
