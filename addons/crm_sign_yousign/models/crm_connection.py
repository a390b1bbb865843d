from odoo import api, fields, models

from odoo.addons.crm_base.fields import EncryptedText
from odoo.addons.crm_base.lib.errors import ConfigurationError

from .. import const
from ..providers.yousign_client import YousignClient, YousignConfig

KEY_GROUPS = "base.group_system,crm_base.crm_base_group_admin"


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
        return YousignConfig(key, base_url, self._is_private_allowed(base_url))

    def _get_client_yousign(self):
        return YousignClient(self._get_yousign_config())
