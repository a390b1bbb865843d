import os
import secrets
from contextlib import suppress

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
from odoo.tools.urls import urljoin

from ..lib.webhook import NO_SECRET, NOT_AN_EVENT, WebhookRefusedError

KEY_GROUPS = "base.group_system,crm_base.crm_base_group_admin"
KEY_BYTES = 24
EVENT_MAX_LENGTH, ID_MAX_LENGTH = 100, 255


class CrmConnection(models.Model):
    """The door of an account: where its events come in, and which were refused.

    A provider with a door names its path in `_get_webhook_paths` and judges a
    message in `_read_webhook_<provider>(body, headers)`, which returns (event, id).
    """

    _inherit = "crm.connection"

    webhook_key = fields.Char(
        string="Key of the Webhook Address",
        default=lambda self: secrets.token_urlsafe(KEY_BYTES),
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=KEY_GROUPS,
    )
    webhook_url = fields.Char(
        string="Webhook Address",
        compute="_compute_webhook_url",
        groups=KEY_GROUPS,
        help="To enter where the partner asks for the address of a webhook.",
    )
    webhook_refused_count = fields.Integer(
        string="Refused Messages", readonly=True, copy=False
    )
    webhook_refused_at = fields.Datetime(
        string="Last Refused", readonly=True, copy=False
    )
    webhook_refused_reason = fields.Selection(
        [
            (NO_SECRET, "No signing secret is set here"),
            ("no_header", "Not signed at all"),
            ("bad_header", "Signature not readable"),
            ("no_match", "Signature does not match"),
            ("too_old", "Signed too long ago"),
            ("in_future", "Signed in the future"),
            (NOT_AN_EVENT, "Signed, but not an event"),
        ],
        string="Reason of the Last Refusal",
        readonly=True,
        copy=False,
    )

    @api.model
    def _get_webhook_paths(self) -> dict[str, str]:
        """Return {provider: path before the key}; provider addons add theirs."""
        return {}

    @api.depends("provider", "webhook_key")
    def _compute_webhook_url(self):
        # Webhooks come to the address of the server, one for all companies.
        root = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        paths = self._get_webhook_paths()
        for connection in self:
            # sudo: the groups of the field say who reads the outcome
            key, path = connection.sudo().webhook_key, paths.get(connection.provider)
            connection.webhook_url = path and key and urljoin(root, f"{path}{key}")

    # === Incoming === #

    @api.model
    def _find_by_webhook_key(self, provider: str, key: str):
        """Return the connection whose address this is, as superuser, or empty."""
        # sudo: a partner is nobody here; the key of the address finds its account
        return self.sudo().search(
            [("provider", "=", provider), ("webhook_key", "=", key)], limit=1
        )

    def _accept_webhook(self, body: bytes, headers) -> int:
        """Verify a message, store it, and return the HTTP status to answer.

        :param body: as it arrived
        :param headers: of the request
        """
        self.ensure_one()
        try:
            event, event_id = self._call_provider("_read_webhook", body, headers)
        except WebhookRefusedError as refusal:
            self._note_webhook_refusal(refusal.reason)
            return 403 if refusal.reason == NO_SECRET else 400
        self._receive(event[:EVENT_MAX_LENGTH], event_id[:ID_MAX_LENGTH], body)
        return 200

    def _note_webhook_refusal(self, reason: str):
        """Leave a trace on the connection; a flood of refusals must not queue up.

        Of refusals at the same moment some are not counted: none runs again.
        """
        note = SQL(
            """
            UPDATE crm_connection
               SET webhook_refused_count = COALESCE(webhook_refused_count, 0) + 1,
                   webhook_refused_at = %s,
                   webhook_refused_reason = %s
             WHERE id = (SELECT id FROM crm_connection WHERE id = %s
                         FOR NO KEY UPDATE SKIP LOCKED)
            """,
            fields.Datetime.now(),
            reason,
            self.id,
        )
        with (
            suppress(*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(note, log_exceptions=False)
        self.invalidate_recordset(
            ["webhook_refused_count", "webhook_refused_at", "webhook_refused_reason"]
        )

    # === Outgoing === #

    def _is_private_allowed(self, url: str) -> bool:
        """Tell whether an address on our own network may be called.

        The stand-in of a developer's server (`CRM_STANDIN_<PROVIDER>_URL`), or any
        when an administrator set `crm_integrations.allow_private_<provider>` to 1.
        """
        self.ensure_one()
        name = f"CRM_STANDIN_{self.provider.upper()}_URL"
        standin = os.environ.get(name, "").rstrip("/")
        if standin and url.rstrip("/") == standin:
            return True
        allowed = f"crm_integrations.allow_private_{self.provider}"
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return get_param(allowed) in ("1", "True", "true")
