from odoo import api, models


class SmsTemplate(models.Model):
    _inherit = "sms.template"

    @api.constrains("body", "lang", "model_id")
    def _check_dunning_names(self):
        """Refuse a reminder whose text names what does not exist."""
        checker = self.env["mail.template"]
        for template in self:
            if template.model == "crm.dunning.message":
                lines = [template.body, template.lang]
                checker._check_reminder_names(template.name, "", lines)
