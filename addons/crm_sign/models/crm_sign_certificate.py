from odoo import fields, models

from odoo.addons.crm_base.fields import EncryptedText


class CrmSignCertificate(models.Model):
    """The certificate with which a company seals what was signed."""

    _name = "crm.sign.certificate"
    _description = "Company Certificate for Signatures"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_not_after desc, id desc"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [("own_ca", "Made here"), ("uploaded", "Bought and uploaded")],
        required=True,
        default="uploaded",
    )
    pkcs12 = EncryptedText(groups="base.group_system,crm_base.crm_base_group_admin")
    passphrase = EncryptedText(groups="base.group_system,crm_base.crm_base_group_admin")
    subject = fields.Char(string="Issued To", readonly=True, copy=False)
    date_not_after = fields.Date(string="Valid Until", readonly=True, copy=False)
    fingerprint = fields.Char(string="Fingerprint (SHA-256)", readonly=True, copy=False)
    tsa_url = fields.Char(
        string="Time Stamp Service",
        help="Address of an RFC 3161 time stamp service. Empty: no time stamp.",
    )
    responsible_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, domain=[("share", "=", False)]
    )

    def _get_problem(self):
        """Return why this certificate cannot seal, None when it can."""
        return None

    def _cron_warn(self):
        """Leave an activity for certificates that end soon."""
