import os
import secrets

from odoo import api, fields, models
from odoo.tools.urls import urljoin

from odoo.addons.crm_base.fields import EncryptedText
from odoo.addons.crm_base.lib.errors import ConfigurationError

from .. import const
from ..providers.yousign_client import YousignClient, YousignConfig

KEY_GROUPS = "base.group_system,crm_base.crm_base_group_admin"
# The one address on our own network that a developer's server may call.
STANDIN_VARIABLE = "CRM_STANDIN_YOUSIGN_URL"
ALLOW_PRIVATE_PARAMETER = "crm_sign_yousign.allow_private_address"


class CrmConnection(models.Model):
    """A Yousign account: its key, its sandbox, the address of its events."""

    _inherit = "crm.connection"

    provider = fields.Selection(
        selection_add=[("yousign", "Yousign")], ondelete={"yousign": "cascade"}
    )
    yousign_api_key = EncryptedText(
        string="Yousign API Key",
        groups=KEY_GROUPS,
        help="The sandbox and production have keys of their own.",
    )
    yousign_access_key = fields.Char(
        default=lambda self: secrets.token_urlsafe(24),
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=KEY_GROUPS,
    )
    yousign_webhook_url = fields.Char(
        string="Yousign Webhook Address",
        compute="_compute_yousign_webhook_url",
        groups=KEY_GROUPS,
        help="To enter at Yousign, under API, Webhooks.",
    )
    yousign_refused_count = fields.Integer(string="Yousign Refusals", readonly=True)
    yousign_refused_at = fields.Datetime(string="Yousign Last Refused", readonly=True)
    yousign_refused_reason = fields.Selection(
        [
            ("no_secret", "No signing secret is set here"),
            ("no_header", "Not signed at all"),
            ("no_match", "Signature does not match"),
            ("not_an_event", "Signed, but not an event"),
        ],
        string="Yousign Reason of Refusal",
        readonly=True,
    )

    @api.depends("yousign_access_key", "provider")
    def _compute_yousign_webhook_url(self):
        base_url = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        for connection in self:
            key = connection.sudo().yousign_access_key
            connection.yousign_webhook_url = (
                connection.provider == "yousign"
                and key
                and urljoin(base_url, f"/crm_sign/yousign/webhook/{key}")
            )

    @api.model
    def _get_capabilities(self):
        return {
            **super()._get_capabilities(),
            "yousign": frozenset({"test", "dry_run"}),
        }

    @api.model
    def _get_sign_capabilities(self):
        words = "order code_mail code_sms simple advanced qualified remind decline"
        return {**super()._get_sign_capabilities(), "yousign": frozenset(words.split())}

    @api.model
    def _get_edit_fields(self):
        return super()._get_edit_fields() | {"yousign_api_key"}

    # === The client === #

    def _get_yousign_config(self) -> YousignConfig:
        self.ensure_one()
        # sudo: the key is for the server only
        key = self.sudo().yousign_api_key
        if not key:
            raise ConfigurationError(
                "the API key of Yousign is missing or cannot be decrypted"
            )
        base_url = self.base_url or const.BASE_URLS[self.environment]
        return YousignConfig(key, base_url, self._is_yousign_private(base_url))

    def _is_yousign_private(self, base_url):
        """Tell whether an address on our own network may be called."""
        standin = os.environ.get(STANDIN_VARIABLE, "").rstrip("/")
        if standin and base_url.rstrip("/") == standin:
            return True
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return get_param(ALLOW_PRIVATE_PARAMETER) in ("1", "True", "true")

    def _get_client_yousign(self):
        return YousignClient(self._get_yousign_config())
