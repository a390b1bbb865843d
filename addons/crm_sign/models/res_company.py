from datetime import timedelta

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sign_expiry_days = fields.Integer(
        string="Signature Requests End After (days)", default=30, required=True
    )
    sign_reminder_interval_days = fields.Integer(
        string="Signature Reminder Every (days)", default=3, required=True
    )
    sign_reminder_max = fields.Integer(
        string="Signature Reminders at Most", default=3, required=True
    )
    sign_certificate_id = fields.Many2one(
        "crm.sign.certificate",
        string="Certificate for Signatures",
        ondelete="set null",
        domain="[('company_id', '=', id)]",
    )

    _sign_days_range = models.Constraint(
        "CHECK(sign_expiry_days BETWEEN 0 AND 365"
        " AND sign_reminder_interval_days BETWEEN 0 AND 365"
        " AND sign_reminder_max BETWEEN 0 AND 20)",
        "Signature requests end after 0 to 365 days and are reminded 20 times at most.",
    )

    def _get_sign_expiry(self):
        """Return the last day for signing of a request made today, False: no end."""
        self.ensure_one()
        if not self.sign_expiry_days:
            return False
        return fields.Date.context_today(self) + timedelta(days=self.sign_expiry_days)

    def _get_sign_certificate(self):
        """Return the certificate that seals for a company (superuser)."""
        self.ensure_one()
        # sudo: people who send requests read no certificate
        return self.sudo().sign_certificate_id.with_env(self.sudo().env)

    def _ensure_sign_certificate(self):
        """Make the company its own certificate when it has none at all."""
        self.ensure_one()
        if not self.sudo().sign_certificate_id:
            self.env["crm.sign.certificate"]._make_own(self)
        return self._get_sign_certificate()
