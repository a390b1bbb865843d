import secrets

from odoo import fields, models
from odoo.tools.urls import urljoin

from odoo.addons.crm_base.lib.tokens import hash_token, make_token

TOKEN_BYTES = 32


class CrmSignSigner(models.Model):
    """Links and mails of a signer."""

    _inherit = "crm.sign.signer"

    def _make_link(self) -> str:
        """Return a new link; the two before it stay valid."""
        self.ensure_one()
        token = make_token(secrets.token_bytes(TOKEN_BYTES))
        signer = self.sudo()
        signer.write(
            {
                "token_hash": hash_token(token),
                "token_hash_2": signer.token_hash,
                "token_hash_3": signer.token_hash_2,
            }
        )
        return urljoin(signer.company_id.get_base_url(), f"/sign/s/{token}")

    def _notify(self):
        """Send their link to these signers."""
        for signer in self:
            signer._make_link()
            signer.write({"state": "notified", "notified_at": fields.Datetime.now()})
            signer.request_id._log_event("notified", actor="system", signer=signer)
