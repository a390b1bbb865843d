import secrets

from odoo import api, fields, models

from ..lib import order, reference
from ..lib.states import OPEN_STATES

STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("partial", "Partly signed"),
    ("signed", "Signed"),
    ("refused", "Refused"),
    ("expired", "Expired"),
    ("cancelled", "Cancelled"),
]


class CrmSignRequest(models.Model):
    """Documents that people are asked to sign, and the proof that they did.

    The states and their moves are in `lib/states.py`. Once sent, nothing that people
    sign changes any more; a correction is a new request.
    """

    _name = "crm.sign.request"
    _description = "Signature Request"
    _inherit = ["crm.sign.guard", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _engine_fields = (
        "state", "reference", "sent_at", "done_at", "ended_reason", "reminder_count",
        "next_reminder_at", "source_version", "seal_state", "seal_error",
        "seal_attempts", "event_count", "chain_head", "chain_state",
        "chain_checked_at", "remote_id", "provider_error", "audit_attachment_id",
        # The record that a signature confirms, as superuser.
        "res_model", "res_id",
    )  # fmt: skip
    _open_fields = ("user_id", "copy_partner_ids", "active")

    name = fields.Char(string="Subject", required=True, tracking=True)
    active = fields.Boolean(default=True)
    reference = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: reference.make_reference(
            secrets.token_bytes(reference.RANDOM_BYTES)
        ),
        help="Printed on the certificate; opens the check page together with the file.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        index=True,
    )
    partner_id = fields.Many2one("res.partner", string="Client", index="btree_not_null")
    message = fields.Html(help="Shown in the mail to each signer.")
    copy_partner_ids = fields.Many2many(
        "res.partner",
        "crm_sign_request_copy_rel",
        string="Copy To",
        help="Get the signed file when everybody has signed.",
    )
    template_id = fields.Many2one(
        "crm.sign.template", ondelete="set null", check_company=True
    )

    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    ended_reason = fields.Text(string="Reason", readonly=True, copy=False)
    date_expiry = fields.Date(
        string="To Be Signed Until",
        copy=False,
        default=lambda self: self.env.company._get_sign_expiry(),
        help="Last day on which signing is possible. Empty: no end.",
    )
    reminder_interval_days = fields.Integer(
        string="Reminder Every (days)",
        default=lambda self: self.env.company.sign_reminder_interval_days,
        help="0: nobody is reminded.",
    )
    reminder_max = fields.Integer(
        string="Reminders at Most",
        default=lambda self: self.env.company.sign_reminder_max,
    )
    reminder_count = fields.Integer(string="Reminders Sent", readonly=True, copy=False)
    next_reminder_at = fields.Datetime(
        string="Next Reminder", readonly=True, copy=False
    )
    sent_at = fields.Datetime(string="Sent On", readonly=True, copy=False)
    done_at = fields.Datetime(string="Ended On", readonly=True, copy=False)

    document_ids = fields.One2many(
        "crm.sign.document", "request_id", string="Documents", copy=False
    )
    signer_ids = fields.One2many(
        "crm.sign.signer", "request_id", string="Signers", copy=False
    )
    field_ids = fields.One2many(
        "crm.sign.field", "request_id", string="Fields", copy=False
    )
    event_ids = fields.One2many(
        "crm.sign.event", "request_id", string="Events", readonly=True, copy=False
    )
    is_ordered = fields.Boolean(
        string="One After Another", compute="_compute_progress", store=True
    )
    signer_count = fields.Integer(
        string="Number of Signers", compute="_compute_progress", store=True
    )
    signed_count = fields.Integer(
        string="Signed", compute="_compute_progress", store=True
    )
    progress_text = fields.Char(string="Progress", compute="_compute_progress_text")

    res_model = fields.Char(string="Document Model", copy=False, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", copy=False, readonly=True
    )
    source_version = fields.Char(string="Version Sent", readonly=True, copy=False)
    is_outdated = fields.Boolean(compute="_compute_outdated")
    outdated_reason = fields.Char(compute="_compute_outdated")

    connection_id = fields.Many2one(
        "crm.connection",
        string="Service",
        check_company=True,
        ondelete="restrict",
        help="Empty: signed on our own pages.",
    )
    level = fields.Selection(
        [
            ("simple", "Simple"),
            ("advanced", "Advanced"),
            ("qualified", "Qualified"),
        ],
        required=True,
        default="simple",
    )
    remote_id = fields.Char(
        string="Number at the Service", readonly=True, copy=False, index=True
    )
    provider_error = fields.Text(string="Problem", readonly=True, copy=False)

    seal_state = fields.Selection(
        [
            ("none", "Not yet"),
            ("waiting", "Being made"),
            ("done", "Made"),
            ("failed", "Failed"),
        ],
        string="Final File",
        required=True,
        readonly=True,
        default="none",
        copy=False,
    )
    seal_error = fields.Text(
        string="Problem of the Final File", readonly=True, copy=False
    )
    audit_attachment_id = fields.Many2one(
        "ir.attachment", string="Proof of the Service", readonly=True, copy=False
    )

    # The end of the chain of evidence, apart from the events themselves.
    event_count = fields.Integer(readonly=True, copy=False)
    chain_head = fields.Char(readonly=True, copy=False)
    chain_state = fields.Selection(
        [("unchecked", "Not checked"), ("intact", "Intact"), ("broken", "Broken")],
        string="Evidence",
        required=True,
        readonly=True,
        default="unchecked",
        copy=False,
    )
    chain_checked_at = fields.Datetime(
        string="Evidence Checked On", readonly=True, copy=False
    )

    _reference_uniq = models.UniqueIndex("(reference)", "This reference is taken.")
    _record_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _reminder_idx = models.Index(
        "(next_reminder_at) WHERE state IN ('sent', 'partial')"
    )
    _expiry_idx = models.Index("(date_expiry) WHERE state IN ('sent', 'partial')")
    _reminders_positive = models.Constraint(
        "CHECK(reminder_interval_days BETWEEN 0 AND 365"
        " AND reminder_max BETWEEN 0 AND 20)",
        "A reminder goes out every 0 to 365 days, at most 20 times.",
    )

    # === Computes === #

    @api.depends("signer_ids.state", "signer_ids.order")
    def _compute_progress(self):
        for request in self:
            signers = request.signer_ids.filtered(lambda s: s.state != "delegated")
            request.signer_count = len(signers)
            request.signed_count = len(signers.filtered(lambda s: s.state == "signed"))
            request.is_ordered = order.is_ordered(signers.mapped("order"))

    @api.depends("signer_count", "signed_count")
    def _compute_progress_text(self):
        for request in self:
            request.progress_text = self.env._(
                "%(signed)s of %(count)s",
                signed=request.signed_count,
                count=request.signer_count,
            )

    @api.depends("state", "source_version", "res_model", "res_id")
    def _compute_outdated(self):
        for request in self:
            reason = False
            record = request.state in OPEN_STATES and request._get_record()
            if record:
                reason = record._sign_get_outdated_reason(request)
            request.outdated_reason = reason
            request.is_outdated = bool(reason)

    # === The document it is about === #

    def _get_sign_requests(self):
        return self

    def _get_record(self):
        """Return the record that is signed as superuser, empty when there is none.

        Only records that know how to be signed (`crm.sign.mixin`) are returned.
        """
        self.ensure_one()
        nothing = self.env["crm.sign.mixin"]
        if not self.res_model or not self.res_id or self.res_model not in self.env:
            return nothing
        model = self.env[self.res_model].sudo()
        if not isinstance(model, self.env.registry["crm.sign.mixin"]):
            return nothing
        return model.browse(self.res_id).exists() or nothing

    def _assign_anchors(self):
        """Give the fields found in the text of the files to the n-th signer."""
        for request in self.filtered(lambda r: r.state == "draft"):
            signers = request.signer_ids.sorted(lambda s: (s.order, s.id))
            for field in request.field_ids.filtered("anchor_rank"):
                owner = signers[field.anchor_rank - 1 : field.anchor_rank]
                if field.signer_id != owner:
                    field.signer_id = owner

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" in (default or {}):
            return vals_list
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=request.name)}
            for request, vals in zip(self, vals_list, strict=True)
        ]

    def action_open_record(self):
        """Open the document the request is about, with the reader's own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
