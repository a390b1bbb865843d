import json
from datetime import datetime, timezone

from odoo import models

from odoo.addons.crm_base.lib.errors import MalformedAnswerError
from odoo.addons.crm_integrations.exceptions import IgnoreExchange

from ..lib.states import EVENTS, PROGRESS, Fact


class CrmConnection(models.Model):
    """What Yousign tells by itself; in any order, any number of times."""

    _inherit = "crm.connection"

    def _process_incoming_yousign(self, exchange):
        """Apply one event."""
        fact = EVENTS.get(exchange.event)
        if fact is None:
            raise IgnoreExchange(self.env._("This type of event is not used."))
        try:
            event = json.loads(exchange._get_body())
            data = event["data"]
            request = self._find_yousign_request(data["signature_request"])
            at = self._get_yousign_event_time(event)
            self._apply_yousign_event(request, fact, data, at, exchange)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise MalformedAnswerError(
                f"the event has another shape ({type(error).__name__}: {error})"
            ) from None

    def _get_yousign_event_time(self, event):
        """Return the naive UTC instant of the fact, the same at each repetition."""
        seconds = int(event["event_time"])
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    def _find_yousign_request(self, item):
        """Return the request an event is about.

        :raise IgnoreExchange: none of ours
        """
        reference = str(item.get("external_id") or "")
        request = self._find_sign_request(str(item["id"]), reference)
        if not request:
            raise IgnoreExchange(
                self.env._("This request was not sent from here: nothing to do.")
            )
        return request

    def _apply_yousign_event(self, request, fact, data, at, exchange):
        signer = request._find_yousign_signer(data.get("signer") or {})
        if fact is Fact.SENT:
            request._provider_sent()
        elif fact in PROGRESS and signer:
            request._provider_signer_fact(
                signer, fact.value, at, request._get_yousign_proof(signer)
            )
        elif fact is Fact.EXPIRED:
            request._provider_expired(at)
        elif fact is Fact.CANCELLED:
            request._provider_cancelled(at)
        elif fact is Fact.TROUBLE and signer:
            request._note_yousign_trouble(signer, exchange.event)
        elif fact in (Fact.DONE, Fact.REFUSED):
            # The files, or the words of the refusal, are not in the event.
            self._ask_yousign_look(request, exchange.remote_id)
        else:
            raise IgnoreExchange(self.env._("The event names nobody we know."))
