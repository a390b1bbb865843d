from odoo import api, models
from odoo.exceptions import UserError

CONTENT = {
    "raw", "datas", "db_datas", "store_fname", "checksum", "file_size", "mimetype",
    "res_model", "res_id", "res_field", "type", "url", "public", "company_id",
}  # fmt: skip
GUARDED = "crm.sign.document"


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if CONTENT & set(vals):
            self._check_not_signed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_not_signed()

    def _check_not_signed(self):
        """Refuse to touch a file that was sent for signature or signed."""
        ids = [a.id for a in self.sudo() if a.res_model == GUARDED and not a.res_field]
        if not ids:
            return
        domain = [
            "|",
            "|",
            ("attachment_id", "in", ids),
            ("final_attachment_id", "in", ids),
            ("certificate_attachment_id", "in", ids),
            ("request_id.state", "!=", "draft"),
        ]
        # sudo: whoever asks, the answer is the same
        if self.env[GUARDED].sudo().search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "This file was sent for signature: it can neither be changed nor"
                    " deleted."
                )
            )
