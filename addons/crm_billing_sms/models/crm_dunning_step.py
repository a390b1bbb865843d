from odoo import api, fields, models


class CrmDunningStep(models.Model):
    _inherit = "crm.dunning.step"

    channel = fields.Selection(
        selection_add=[("sms", "SMS")], ondelete={"sms": "set task"}
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="Text of the SMS",
        domain=[("model", "=", "crm.dunning.message")],
    )

    @api.constrains("sms_template_id")
    def _check_sms_text(self):
        self._check_step()

    def _get_missing_text(self):
        if self.channel == "sms":
            return not self.sms_template_id
        return super()._get_missing_text()
