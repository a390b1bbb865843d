from datetime import timedelta, timezone

from odoo import api, fields, models

from odoo.addons.crm_integrations.exceptions import IgnoreExchange
from odoo.addons.crm_integrations.lib.webhook import WebhookRefusedError

from .. import const
from ..lib import connect, facts


class CrmConnection(models.Model):
    """Events of Connect: verified at the door, worked on by a job."""

    _inherit = "crm.connection"

    @api.model
    def _get_webhook_paths(self):
        return {**super()._get_webhook_paths(), const.PROVIDER: const.WEBHOOK_PATH}

    def _read_webhook_docusign(self, body, headers):
        """Verify one event and return what it is called: (name, id)."""
        # sudo: secrets are for the server only
        keys = connect.split_keys(self.sudo().webhook_secret or "")
        connect.verify(body, connect.signatures(headers), keys)
        event = self._read_docusign_event(body)
        return event.name, event.event_id

    def _read_docusign_event(self, body):
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        return connect.read_event(body, now, timedelta(days=const.EVENT_MAX_AGE_DAYS))

    def _process_incoming_docusign(self, exchange):
        """Take what the envelope says; what an event is called does not matter."""
        try:
            event = self._read_docusign_event(exchange._get_body())
        except WebhookRefusedError as error:
            raise IgnoreExchange(
                self.env._("The event cannot be used: %(why)s", why=error.reason)
            ) from None
        found = event.summary and facts.read_envelope(
            event.summary, const.REFERENCE_FIELD
        )
        reference = found.reference if found else ""
        request = self._find_sign_request(event.envelope_id, reference)
        if not request:
            raise IgnoreExchange(
                self.env._(
                    "The envelope %(id)s was not sent from here.", id=event.envelope_id
                )
            )
        if found and found.has_signers:
            request._apply_docusign(found)
        else:
            # A bare event says that something changed, not what.
            self._read_docusign(request)
