import json
from datetime import timedelta
from functools import partial

from odoo import models

from odoo.addons.crm_billing import const

DURATIONS_MS = (212, 184, 263, 341, 197)
# Of each so many calls, one needed a second try.
RETRY_EVERY = 4
RETRY_AFTER_SECONDS = 5
# What Stripe tells besides the payment itself.
EVENTS = {
    "refunded": "charge.refunded",
    "part_refunded": "charge.refunded",
    "disputed": "charge.dispute.created",
}


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _plan_exchanges(self, link, page, asked_at, settled_at):
        """Return (instant, what writes it) for each message this link has left."""
        messages = [(asked_at, partial(self._write_call, link, page))]
        events = [EVENTS[link.state]] if link.state in EVENTS else []
        if page.state == "done":
            events.insert(0, "checkout.session.completed")
        return messages + [
            (settled_at, partial(self._write_event, link, page, event))
            for event in events
        ]

    def _write_call(self, link, page, asked_at):
        body = json.dumps({"params": link._prepare_session_params(page)}).encode()
        call, _is_new = self.env["crm.exchange"]._insert_once(
            {
                "connection_id": link.connection_id.id,
                "company_id": link.company_id.id,
                "direction": "out",
                "event": const.CALL_CREATE,
                "idempotency_key": f"demo-{page.reference}",
                "res_model": page._name,
                "res_id": page.id,
            },
            body,
            True,
        )
        duration_ms = DURATIONS_MS[link.id % len(DURATIONS_MS)]
        attempts = [self._prepare_attempt(call, asked_at, duration_ms)]
        if link.id % RETRY_EVERY == 0:
            trouble = {
                "http_status": 503,
                "cause_code": "unavailable",
                "cause": self.env._("Stripe does not answer for the moment"),
            }
            first = asked_at - timedelta(seconds=RETRY_AFTER_SECONDS)
            attempts.insert(0, self._prepare_attempt(call, first, 1032) | trouble)
        self.env["crm.exchange.attempt"].create(attempts)
        call._finish(
            "succeed",
            attempt_count=len(attempts),
            remote_id=f"cs_test_demo_{page.id:05d}",
            duration_ms=duration_ms,
        )
        self._date_exchange(call, "sent_at", asked_at)
        link.exchange_id = call

    def _write_event(self, link, page, event, received_at):
        body = json.dumps(
            {
                "object": "event",
                "type": event,
                "data": {"object": {"payment_intent": page.provider_reference}},
            }
        ).encode()
        exchange, _is_new = self.env["crm.exchange"]._insert_once(
            {
                "connection_id": link.connection_id.id,
                "company_id": link.company_id.id,
                "direction": "in",
                "event": event,
                "remote_id": f"evt_demo_{page.id:05d}_{event.split('.')[-1]}",
                "res_model": page._name,
                "res_id": page.id,
            },
            body,
            True,
        )
        attempt = self._prepare_attempt(exchange, received_at, 41) | {"http_status": 0}
        self.env["crm.exchange.attempt"].create(attempt)
        exchange._finish("succeed", attempt_count=1, duration_ms=41)
        self._date_exchange(exchange, "received_at", received_at)

    def _prepare_attempt(self, exchange, at, duration_ms):
        return {
            "exchange_id": exchange.id,
            "at": at,
            "http_status": 200,
            "duration_ms": duration_ms,
        }

    def _date_exchange(self, exchange, moment, at):
        columns = ("create_date", "write_date", moment, "done_at")
        self._backdate(exchange, {column: [at] for column in columns})
