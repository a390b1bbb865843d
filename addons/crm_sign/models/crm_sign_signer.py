from odoo import api, fields, models
from odoo.tools import email_normalize

from ..lib import order as rules

SIGNER_STATES = [
    ("waiting", "Waiting"),
    ("notified", "Link sent"),
    ("opened", "Opened"),
    ("identified", "Identified"),
    ("signed", "Has signed"),
    ("refused", "Has refused"),
    ("delegated", "Handed over"),
]


class CrmSignSigner(models.Model):
    """One person asked to sign, and what is known of how he did."""

    _name = "crm.sign.signer"
    _description = "Signer"
    _inherit = ["crm.sign.guard", "crm.sign.person"]
    _order = "order, id"

    _engine_fields = (
        "state", "token_hash", "token_hash_2", "token_hash_3", "notified_at",
        "opened_at", "identified_at", "signed_at", "refused_reason", "code_hash",
        "code_sent_at", "code_sends", "code_attempts", "code_expires_at",
        "code_blocked_until", "session_hash", "session_expires_at", "ip",
        "user_agent", "signature_image", "initials_image", "consent_text",
        "identified_by", "delegated_to_id", "remote_id", "delivery_error",
    )  # fmt: skip

    request_id = fields.Many2one(
        "crm.sign.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    partner_id = fields.Many2one(index="btree_not_null")
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        precompute=True,
    )
    role = fields.Char(help="Shown on the certificate, e.g. Client or Manager.")
    code_channel = fields.Selection(
        [("mail", "Code by mail"), ("none", "Link only")],
        string="Identified By",
        required=True,
        default="mail",
    )
    can_delegate = fields.Boolean(string="May Hand Over")

    state = fields.Selection(
        SIGNER_STATES, required=True, readonly=True, default="waiting", copy=False
    )
    is_turn = fields.Boolean(string="May Sign Now", compute="_compute_is_turn")
    notified_at = fields.Datetime(string="Link Sent On", readonly=True, copy=False)
    opened_at = fields.Datetime(string="Opened On", readonly=True, copy=False)
    identified_at = fields.Datetime(string="Identified On", readonly=True, copy=False)
    identified_by = fields.Char(string="How Identified", readonly=True, copy=False)
    signed_at = fields.Datetime(string="Signed On", readonly=True, copy=False)
    refused_reason = fields.Text(string="Reason", readonly=True, copy=False)
    delegated_to_id = fields.Many2one(
        "crm.sign.signer", string="Handed Over To", readonly=True, copy=False
    )
    delivery_error = fields.Char(string="Problem", readonly=True, copy=False)
    ip = fields.Char(string="Address", readonly=True, copy=False)
    user_agent = fields.Char(string="Browser", readonly=True, copy=False)
    signature_image = fields.Binary(attachment=True, readonly=True, copy=False)
    initials_image = fields.Binary(attachment=True, readonly=True, copy=False)
    consent_text = fields.Text(string="Consent", readonly=True, copy=False)
    remote_id = fields.Char(readonly=True, copy=False, index="btree_not_null")

    # Links: the last three open, so that a reminder does not break the first mail.
    token_hash = fields.Char(readonly=True, copy=False, groups="base.group_system")
    token_hash_2 = fields.Char(readonly=True, copy=False, groups="base.group_system")
    token_hash_3 = fields.Char(readonly=True, copy=False, groups="base.group_system")
    code_hash = fields.Char(readonly=True, copy=False, groups="base.group_system")
    code_sent_at = fields.Datetime(readonly=True, copy=False)
    code_sends = fields.Integer(readonly=True, copy=False)
    code_attempts = fields.Integer(readonly=True, copy=False)
    code_expires_at = fields.Datetime(readonly=True, copy=False)
    code_blocked_until = fields.Datetime(readonly=True, copy=False)
    session_hash = fields.Char(readonly=True, copy=False, groups="base.group_system")
    session_expires_at = fields.Datetime(readonly=True, copy=False)

    field_ids = fields.One2many("crm.sign.field", "signer_id", string="Fields")

    _token_uniq = models.UniqueIndex(
        "(token_hash) WHERE token_hash IS NOT NULL", "This link is taken."
    )
    _token_2_idx = models.Index("(token_hash_2) WHERE token_hash_2 IS NOT NULL")
    _token_3_idx = models.Index("(token_hash_3) WHERE token_hash_3 IS NOT NULL")
    _order_positive = models.Constraint(
        'CHECK("order" BETWEEN 1 AND 99)', "The order goes from 1 to 99."
    )

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.depends("partner_id")
    def _compute_from_partner(self):
        result = super()._compute_from_partner()
        langs = {code for code, _name in self.env["res.lang"].get_installed()}
        for signer in self:
            company_lang = signer.request_id.company_id.partner_id.lang
            own_lang = signer.partner_id.lang or signer.lang
            lang = own_lang or company_lang or self.env.lang
            signer.lang = lang if lang in langs else False
        return result

    @api.depends("state", "request_id.signer_ids.state", "request_id.signer_ids.order")
    def _compute_is_turn(self):
        for signer in self:
            signer.is_turn = signer.id in signer.request_id._get_current_ids()

    @api.depends("name", "email")
    def _compute_display_name(self):
        for signer in self:
            signer.display_name = signer.name or ""

    # === Fields that the text of a file asks for === #

    @api.model_create_multi
    def create(self, vals_list):
        signers = super().create(vals_list)
        signers.request_id._assign_anchors()
        return signers

    def write(self, vals):
        result = super().write(vals)
        if "order" in vals:
            self.request_id._assign_anchors()
        return result

    def unlink(self):
        requests = self.request_id
        # What was placed by hand for somebody goes with him, the anchors stay.
        self.field_ids.filtered(lambda f: f.source != "anchor").unlink()
        result = super().unlink()
        requests._assign_anchors()
        return result

    def _get_email(self) -> str:
        """Return the address to write to, empty when there is none to read."""
        self.ensure_one()
        return email_normalize(self.email or "", strict=False) or ""

    def _get_lang(self) -> str:
        self.ensure_one()
        return self.lang or self.company_id.partner_id.lang or "en_US"

    def _get_evidence_name(self) -> str:
        """Return the signer as evidence names him: name and address."""
        self.ensure_one()
        contact = self._get_email() or self.phone or ""
        return f"{self.name} <{contact}>"

    def _to_turn(self) -> rules.Turn:
        self.ensure_one()
        return rules.Turn(self.id, self.order, self.state)
