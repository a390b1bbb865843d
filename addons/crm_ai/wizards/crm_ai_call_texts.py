from odoo import api, fields, models


class CrmAiCallTexts(models.TransientModel):
    """What was sent and what came, for an administrator; looking leaves a trace."""

    _name = "crm.ai.call.texts"
    _description = "Texts of an AI Answer"

    call_id = fields.Many2one("crm.ai.call", required=True, readonly=True)
    question = fields.Text(readonly=True)
    answer = fields.Text(readonly=True)
    result = fields.Text(readonly=True)
    is_purged = fields.Boolean(related="call_id.is_purged")

    @api.model_create_multi
    def create(self, vals_list):
        windows = super().create(vals_list)
        for window in windows:
            window.call_id.check_access("read")
            call = window.call_id
            # sudo: whoever opens the window reads it, nobody types in it
            window.sudo().write(
                {
                    "question": call.question,
                    "answer": call.answer,
                    "result": call.result_text,
                }
            )
        return windows
