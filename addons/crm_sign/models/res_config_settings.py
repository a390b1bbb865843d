from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sign_expiry_days = fields.Integer(
        related="company_id.sign_expiry_days", readonly=False, required=True
    )
    sign_reminder_interval_days = fields.Integer(
        related="company_id.sign_reminder_interval_days", readonly=False, required=True
    )
    sign_reminder_max = fields.Integer(
        related="company_id.sign_reminder_max", readonly=False, required=True
    )
    sign_certificate_id = fields.Many2one(
        related="company_id.sign_certificate_id", readonly=False
    )
    sign_certificate_problem = fields.Char(
        compute="_compute_sign_certificate_problem", compute_sudo=True
    )

    @api.depends("sign_certificate_id")
    def _compute_sign_certificate_problem(self):
        for settings in self:
            chosen = settings.sign_certificate_id
            # None yet is no problem: the first sending makes one.
            settings.sign_certificate_problem = chosen._get_problem() if chosen else ""

    def action_make_sign_certificate(self):
        """Make the company its own certificate and use it."""
        self.ensure_one()
        certificates = self.env["crm.sign.certificate"]
        certificates.check_access("create")
        certificate = certificates._make_own(self.company_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": certificates._name,
            "res_id": certificate.id,
            "views": [(False, "form")],
        }
