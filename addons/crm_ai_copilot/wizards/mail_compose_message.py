import ast

from odoo import fields, models

DRAFTED_MODELS = ("crm.lead",)


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    crm_ai_call_id = fields.Many2one("crm.ai.call", string="Draft")
    crm_ai_kind = fields.Char(string="Kind of Draft")
    crm_ai_activity_id = fields.Many2one("mail.activity", string="Activity to close")

    def _action_send_mail(self, auto_commit=False):
        mails, messages = super()._action_send_mail(auto_commit=auto_commit)
        if len(self) == 1 and self.model in DRAFTED_MODELS:
            self._keep_draft(messages)
        return mails, messages

    def _keep_draft(self, messages):
        """Note what became of the draft, and close the activity that asked for it."""
        call = self.crm_ai_call_id
        if not messages:
            return
        if call and call.has_access("read") and call._is_draft_of(self._get_leads()):
            messages[:1]._keep_draft(call)
        activity = self.crm_ai_activity_id.exists()
        if activity and activity.res_id in self._get_leads().ids:
            activity.filtered(
                lambda activity: (
                    activity.active
                    and activity.user_id == self.env.user
                    and activity.res_model == "crm.lead"
                )
            ).action_feedback()

    def _get_leads(self):
        ids = ast.literal_eval(self.res_ids) if self.res_ids else []
        return self.env["crm.lead"].browse(ids)
