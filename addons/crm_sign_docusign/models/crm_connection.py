from odoo import api, fields, models
from odoo.tools.urls import urljoin

from odoo.addons.crm_base.fields import EncryptedText

from .. import const
from ..lib.grant import consent_url
from ..lib.refusals import CONSENT_REQUIRED

KEY_GROUPS = "base.group_system,crm_base.crm_base_group_admin"
CONSENT_PATH = "/crm_sign_docusign/consent"


class CrmConnection(models.Model):
    """A DocuSign account: keys of the application, what the account offers."""

    _inherit = "crm.connection"

    provider = fields.Selection(
        selection_add=[("docusign", "DocuSign")], ondelete={"docusign": "cascade"}
    )
    docusign_integration_key = fields.Char(
        string="Integration Key",
        groups=KEY_GROUPS,
        copy=False,
        help="In DocuSign: Settings, Apps and Keys.",
    )
    docusign_user_guid = fields.Char(
        string="User ID",
        groups=KEY_GROUPS,
        copy=False,
        help="The person in whose name requests are sent; on the same page, at the"
        " top.",
    )
    docusign_private_key = EncryptedText(
        string="RSA Private Key",
        groups=KEY_GROUPS,
        help="Made on the page of the application, whole, with its first and last"
        " line.",
    )
    docusign_account_id = fields.Char(
        string="Account ID",
        groups=KEY_GROUPS,
        copy=False,
        help="Empty: the default account of that person.",
    )
    docusign_redirect_url = fields.Char(
        string="Redirect URI",
        compute="_compute_docusign_addresses",
        groups=KEY_GROUPS,
        help="To add on the page of the application before access is allowed.",
    )
    docusign_consent_url = fields.Char(
        string="Allow Access",
        compute="_compute_docusign_addresses",
        groups=KEY_GROUPS,
        help="Opened once by the person named above.",
    )
    docusign_needs_consent = fields.Boolean(
        string="Permission Missing",
        compute="_compute_docusign_needs_consent",
        groups=KEY_GROUPS,
    )
    # What the account offers, learned by a test; admins may correct the names.
    docusign_account_name = fields.Char(string="Account", readonly=True, copy=False)
    docusign_advanced_provider = fields.Char(
        string="Advanced Level Through",
        copy=False,
        help="DocuSign's name of the signature provider; empty: not offered.",
    )
    docusign_qualified_provider = fields.Char(
        string="Qualified Level Through",
        copy=False,
        help="DocuSign's name of the signature provider; empty: not offered.",
    )
    docusign_phone_workflow = fields.Char(
        string="Code by SMS Through",
        readonly=True,
        copy=False,
        help="DocuSign's identification by phone; empty: not offered.",
    )

    # === Computes === #

    @api.depends("provider", "environment", "base_url", "docusign_integration_key")
    def _compute_docusign_addresses(self):
        root = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        for connection in self:
            # sudo: the groups of the fields say who reads the outcome
            keys = connection.sudo()
            redirect = urljoin(root, CONSENT_PATH)
            is_ours = connection.provider == const.PROVIDER
            connection.docusign_redirect_url = is_ours and redirect
            connection.docusign_consent_url = (
                is_ours
                and keys.docusign_integration_key
                and consent_url(
                    connection._get_docusign_oauth_url(),
                    keys.docusign_integration_key.strip(),
                    const.SCOPE,
                    redirect,
                )
            )

    @api.depends("provider", "state", "error_code", "last_error")
    def _compute_docusign_needs_consent(self):
        """The sign-in host said so at the last call; a good one clears the error."""
        for connection in self:
            connection.docusign_needs_consent = (
                connection.provider == const.PROVIDER
                and connection.state == "error"
                and connection.error_code == "authentication"
                and CONSENT_REQUIRED in (connection.last_error or "")
            )

    # === What is offered === #

    @api.model
    def _get_capabilities(self):
        return {**super()._get_capabilities(), const.PROVIDER: frozenset({"test"})}

    @api.model
    def _get_sign_capabilities(self):
        offers = "order code_sms simple advanced qualified remind decline delegate"
        return {
            **super()._get_sign_capabilities(),
            const.PROVIDER: frozenset(offers.split()),
        }

    @api.model
    def _get_edit_fields(self):
        return super()._get_edit_fields() | {
            "docusign_integration_key",
            "docusign_user_guid",
            "docusign_private_key",
            "docusign_account_id",
        }

    def action_docusign_consent(self):
        """Open DocuSign's page where access is allowed."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_url",
            "url": self.docusign_consent_url,
            "target": "new",
        }
