import base64
import binascii
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.crm_base.fields import EncryptedText
from odoo.addons.crm_base.lib.errors import ConfigurationError
from odoo.addons.crm_base.lib.http_rules import check_url

from ..lib.instants import aware
from ..providers.company_certificate import make_company_ca, read_identity
from ..providers.refused import CertificateRefused
from ..providers.time_stamping import TimeStampService

WARN_DAYS = 30
# As for any other service, see `crm.connection`.
ALLOW_PRIVATE = "crm_integrations.allow_private_tsa"


class CrmSignCertificate(models.Model):
    """The certificate with which a company seals what was signed.

    Made here in one click (good for integrity, unknown to PDF readers) or bought
    from an authority and uploaded. The key is encrypted at rest and never leaves.
    """

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
        string="Origin",
        required=True,
        readonly=True,
        default="uploaded",
    )
    upload = fields.Binary(
        string="File (.p12, .pfx)",
        compute="_compute_upload",
        inverse="_inverse_upload",
        groups="base.group_system,crm_base.crm_base_group_admin",
        help="Certificate and private key in one PKCS#12 file.",
    )
    passphrase = EncryptedText(
        string="Password of the File",
        groups="base.group_system,crm_base.crm_base_group_admin",
    )
    pkcs12 = EncryptedText(groups="base.group_system,crm_base.crm_base_group_admin")
    subject = fields.Char(string="Issued To", readonly=True, copy=False)
    issuer = fields.Char(string="Issued By", readonly=True, copy=False)
    date_not_after = fields.Date(string="Valid Until", readonly=True, copy=False)
    fingerprint = fields.Char(string="Fingerprint (SHA-256)", readonly=True, copy=False)
    certificate_der = fields.Text(
        string="Certificate",
        readonly=True,
        copy=False,
        help="The public part, in base64: how the check page knows our signatures.",
    )
    tsa_url = fields.Char(
        string="Time Stamp Service",
        help="Address of an RFC 3161 time stamp service. Empty: no time stamp.",
    )
    responsible_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, domain=[("share", "=", False)]
    )
    is_used = fields.Boolean(string="In Use", compute="_compute_is_used")
    problem = fields.Char(compute="_compute_problem")

    # === Nobody gets back what was uploaded === #

    @api.model_create_multi
    def create(self, vals_list):
        certificates = super().create(vals_list)
        certificates.invalidate_recordset(["upload"])
        return certificates

    def write(self, vals):
        result = super().write(vals)
        if "upload" in vals:
            self.invalidate_recordset(["upload"])
        return result

    # === Computes === #

    def _compute_upload(self):
        self.upload = False

    def _inverse_upload(self):
        for certificate in self.filtered("upload"):
            try:
                raw = base64.b64decode(certificate.upload, validate=True)
            except (binascii.Error, ValueError) as error:
                raise UserError(self._get_refusal("not_pkcs12")) from error
            certificate._keep(raw, certificate.passphrase or "")

    @api.depends("company_id.sign_certificate_id")
    def _compute_is_used(self):
        for certificate in self:
            chosen = certificate.company_id.sign_certificate_id
            certificate.is_used = chosen == certificate

    @api.depends("date_not_after", "active")
    def _compute_problem(self):
        for certificate in self:
            certificate.problem = certificate._get_problem()

    @api.constrains("tsa_url")
    def _check_tsa_url(self):
        for url in filter(None, self.mapped("tsa_url")):
            try:
                check_url(url, allow_http=True, allow_private=True)
            except ConfigurationError as error:
                raise ValidationError(
                    self.env._(
                        "The address of a time stamp service starts with https:// and"
                        " holds no password."
                    )
                ) from error
            try:
                check_url(
                    url, allow_http=True, allow_private=self._is_private_allowed()
                )
            except ConfigurationError as error:
                raise ValidationError(
                    self.env._(
                        "This time stamp service is inside an internal network, which"
                        " is not called. An administrator allows it with the system"
                        " parameter %(key)s set to 1.",
                        key=ALLOW_PRIVATE,
                    )
                ) from error

    @api.model
    def _is_private_allowed(self):
        """Tell whether a time stamp service on our own network may be called."""
        # sudo: a switch of the administrator, of which only the answer is used
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return get_param(ALLOW_PRIVATE) in ("1", "True", "true")

    # === Keeping === #

    def _keep(self, raw: bytes, passphrase: str):
        """Open a PKCS#12, refuse it with a sentence, or keep it encrypted."""
        self.ensure_one()
        try:
            identity = read_identity(raw, passphrase.encode())
            identity.check(aware(fields.Datetime.now()))
        except CertificateRefused as error:
            raise UserError(self._get_refusal(error.reason)) from error
        self.write(
            {
                "pkcs12": base64.b64encode(raw).decode(),
                "passphrase": passphrase,
                "subject": identity.subject,
                "issuer": identity.issuer,
                "date_not_after": identity.not_after.date(),
                "fingerprint": identity.fingerprint,
                "certificate_der": base64.b64encode(identity.certificate).decode(),
            }
        )
        company = self.company_id
        if (
            not company.sign_certificate_id
            or company.sign_certificate_id._get_problem()
        ):
            company.sudo().sign_certificate_id = self

    @api.model
    def _make_own(self, company):
        """Make a company its own certificate, and use it."""
        passphrase = secrets.token_urlsafe(32)
        raw = make_company_ca(
            company.name,
            passphrase=passphrase.encode(),
            now=aware(fields.Datetime.now()),
            country=company.country_id.code or "FR",
        )
        certificate = self.sudo().create(
            {"name": company.name, "company_id": company.id, "kind": "own_ca"}
        )
        certificate._keep(raw, passphrase)
        company.sudo().sign_certificate_id = certificate
        return certificate

    def action_use(self):
        """Seal with this certificate from now on."""
        self.ensure_one()
        self.check_access("write")
        problem = self._get_problem()
        if problem:
            raise UserError(problem)
        # sudo: the choice is a field of the company, which admins of ours do not write
        self.company_id.sudo().sign_certificate_id = self

    # === Using === #

    def _get_identity(self):
        """Open the certificate, as superuser, for a job that seals."""
        certificate = self.sudo()
        raw = base64.b64decode(certificate.pkcs12 or "")
        return read_identity(raw, (certificate.passphrase or "").encode())

    def _get_time_stamp_service(self):
        """Return the service that dates the seals, None when there is none."""
        url = self.sudo().tsa_url
        if not url:
            return None
        return TimeStampService(url, allow_private=self._is_private_allowed())

    def _get_problem(self):
        """Return why this certificate cannot seal, None when it can."""
        if not self:
            return self.env._(
                "No certificate seals the signed files yet: make one in the settings."
            )
        certificate = self.sudo()
        if not certificate.pkcs12:
            return self.env._(
                "The certificate %(name)s has no readable key: upload it again or make"
                " a new one.",
                name=certificate.name,
            )
        today = fields.Date.context_today(self)
        if certificate.date_not_after and certificate.date_not_after < today:
            return self.env._(
                "The certificate %(name)s expired on %(date)s: upload a new one or"
                " make one in the settings, then try again.",
                name=certificate.name,
                date=format_date(self.env, certificate.date_not_after),
            )
        return None

    def _get_refusal(self, reason):
        """Return why a certificate is refused and what to do, for people."""
        sentences = {
            "not_pkcs12": self.env._("This is not a certificate file (.p12 or .pfx)."),
            "passphrase": self.env._("The password does not open this certificate."),
            "no_key": self.env._(
                "This file holds no private key: export it with its key."
            ),
            "weak_key": self.env._(
                "The key of this certificate is too short to be safe."
            ),
            "unsupported_key": self.env._(
                "This kind of key is not supported: use RSA or EC."
            ),
            "usage": self.env._("This certificate was not issued for signing."),
            "expired": self.env._("This certificate has expired: use another one."),
            "not_yet": self.env._("This certificate is not valid yet."),
        }
        return sentences.get(reason) or self.env._("This certificate cannot be used.")

    # === Ends soon === #

    @api.model
    def _cron_warn(self):
        """Leave an activity on certificates in use that end within a month."""
        last = fields.Date.today() + timedelta(days=WARN_DAYS)
        companies = (
            self.env["res.company"]
            .sudo()
            .search([("sign_certificate_id.date_not_after", "<=", last)])
        )
        for certificate in companies.sign_certificate_id:
            user = certificate.responsible_id or self.env.user
            certificate = certificate.with_context(lang=user.lang)
            summary = certificate.env._("This certificate ends soon")
            if summary in certificate.activity_ids.mapped("summary"):
                continue
            certificate.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=certificate.date_not_after,
                summary=summary,
                note=certificate.env._(
                    "After %(date)s nothing can be sent for signature any more: upload"
                    " a new certificate or make one in the settings.",
                    date=format_date(certificate.env, certificate.date_not_after),
                ),
                user_id=user.id,
            )
