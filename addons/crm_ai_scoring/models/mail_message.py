from odoo import api, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        lead_ids = {
            vals.get("res_id")
            for vals in vals_list
            if vals.get("model") == "crm.lead"
            and vals.get("message_type") != "notification"
        } - {None, False}
        if lead_ids:
            self.env["crm.score.pending"]._note(lead_ids)
        return messages
