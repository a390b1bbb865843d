from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# Addresses are personal data: a year is long enough to follow a proposal.
KEPT_DAYS = 365


class CrmDocumentVisit(models.Model):
    """One line of the list of visits of a link; only added, never changed."""

    _name = "crm.document.visit"
    _inherit = ["crm.document.part"]
    _description = "Visit of a Shared Document"
    _order = "at DESC, id DESC"
    _rec_name = "kind"

    share_id = fields.Many2one(
        "crm.document.share", required=True, ondelete="cascade", index=True
    )
    document_id = fields.Many2one(
        related="share_id.document_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("opened", "Opened"),
            ("unlocked", "Right password"),
            ("wrong_password", "Wrong password"),
            ("blocked", "Blocked for half an hour"),
            ("downloaded", "Downloaded"),
        ],
        string="What Happened",
        required=True,
    )
    at = fields.Datetime(string="When", required=True, index=True)
    ip = fields.Char(string="Address")
    user_agent = fields.Char(string="Browser")

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(self.env._("The list of visits cannot be changed."))
        return super().write(vals)

    @api.autovacuum
    def _gc_visits(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("at", "<", limit)], limit=10_000).unlink()
