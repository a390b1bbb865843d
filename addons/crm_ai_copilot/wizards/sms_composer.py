from odoo import fields, models


class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    crm_ai_call_id = fields.Many2one("crm.ai.call", string="Draft")

    def _action_send_sms_comment(self, records=None):
        messages = super()._action_send_sms_comment(records=records)
        call = self.crm_ai_call_id
        if (
            call
            and messages
            and self.res_model == "crm.lead"
            and call.has_access("read")
            and call._is_draft_of(self._get_records())
        ):
            messages[:1]._keep_draft(call)
        return messages
