from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.states import OPEN_STATES


class CrmSignRequest(models.Model):
    """What the screens say about a request: who is awaited, what to do next."""

    _inherit = "crm.sign.request"

    next_step = fields.Char(string="Next", compute="_compute_next_step")

    @api.depends("state", "seal_state", "signer_ids.state", "problem_text")
    def _compute_next_step(self):
        for request in self:
            request.next_step = request._get_next_step()

    def _get_next_step(self):
        """Return one sentence: what is awaited, or what to do now."""
        self.ensure_one()
        if self.state == "draft":
            return not self.problem_text and self.env._("Ready to be sent.")
        if self.state in OPEN_STATES:
            names = ", ".join(self._get_current_signers().mapped("name"))
            return self.env._("Waiting for %(names)s", names=names)
        if self.state == "signed":
            return {
                "waiting": self.env._("Signed by all; the final file is being made."),
                "failed": self.env._(
                    "Signed by all; the final file could not be made."
                ),
                "done": self.env._("Signed by all; the file went to everybody."),
            }.get(self.seal_state, False)
        return self.ended_reason

    def action_download_final(self):
        """Download the signed file, or the list of files when there are several."""
        self.ensure_one()
        self.check_access("read")
        documents = self.document_ids.filtered("final_attachment_id")
        if not documents:
            raise UserError(self.env._("The final file is not made yet."))
        if len(documents) == 1:
            return documents.action_download_final()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signed files"),
            "res_model": "ir.attachment",
            "view_mode": "kanban,list",
            "domain": [("id", "in", documents.sudo().final_attachment_id.ids)],
        }
