from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

OPEN_STATES = ("waiting", "ready")


class CrmFollowUpLine(models.Model):
    """One deal of a batch: its draft, or why there is none."""

    _name = "crm.follow.up.line"
    _description = "Follow-up of a Deal"
    _order = "state, id"
    _rec_name = "lead_id"

    batch_id = fields.Many2one(
        "crm.follow.up.batch",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    batch_state = fields.Selection(
        related="batch_id.state", string="State of the Batch"
    )
    user_id = fields.Many2one(related="batch_id.user_id", store=True)
    company_id = fields.Many2one(related="batch_id.company_id", store=True)
    lead_id = fields.Many2one(
        "crm.lead", string="Deal", required=True, readonly=True, ondelete="cascade"
    )
    partner_name = fields.Char(compute="_compute_partner_name", string="Contact")
    state = fields.Selection(
        [
            ("waiting", "Being Written"),
            ("ready", "To Send"),
            ("excluded", "Left Out"),
            ("refused", "Refused"),
            ("sent", "Sent"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    subject = fields.Char()
    body = fields.Html(sanitize_style=True)
    doubts = fields.Char(
        string="To Check",
        compute="_compute_doubts",
        help="What the draft states and no record does.",
    )
    call_id = fields.Many2one(
        "crm.ai.call", readonly=True, index="btree_not_null", ondelete="set null"
    )
    message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null")

    @api.depends("lead_id")
    def _compute_partner_name(self):
        for line in self:
            lead = line.lead_id
            line.partner_name = lead.partner_id.name or lead.contact_name

    @api.depends("body", "subject", "state")
    def _compute_doubts(self):
        for line in self:
            line.doubts = False
            if line.state == "ready" and line.call_id and line.body:
                text = f"{line.subject}\n{html2plaintext(line.body)}"
                found = line.call_id._find_doubts(text)
                line.doubts = ", ".join(doubt["text"] for doubt in found)

    def _ask_for_draft(self, tone):
        calls = self.env["crm.ai.call"]
        orders = self.lead_id._get_draft_orders()
        waiting = orders.filtered(lambda order: order.state == "sent").opportunity_id
        for line in self:
            line.call_id = calls._ask(
                "copilot.draft",
                record=line.lead_id,
                params={
                    "kind": (
                        "quote_reminder" if line.lead_id in waiting else "follow_up"
                    ),
                    "tone": tone,
                    "length": "medium",
                },
            )

    @api.model
    def _receive_draft(self, call, result):
        """Keep a draft that was written for a batch."""
        line = self.search([("call_id", "=", call.id), ("state", "=", "waiting")])
        if line:
            line.write(
                {
                    "subject": result.subject,
                    "body": call._to_html(result.body),
                    "state": "ready",
                }
            )
            line.batch_id._tell_sender()

    @api.model
    def _receive_failure(self, call):
        line = self.search([("call_id", "=", call.id), ("state", "=", "waiting")])
        if line:
            line.write(
                {"state": "excluded", "reason": self.env._("No draft was written.")}
            )
            line.batch_id._tell_sender()

    def action_exclude(self):
        self.ensure_one()
        self._check_open()
        self._exclude(self.env._("Left out by hand."))

    def action_include(self):
        self.ensure_one()
        self.check_access("write")
        if self.batch_state != "review" or self.state != "excluded" or not self.body:
            raise UserError(self.env._("This follow-up cannot be sent."))
        self.write({"state": "ready", "reason": False})

    def _check_open(self):
        self.check_access("write")
        if self.batch_state != "review" or self.state not in OPEN_STATES:
            raise UserError(self.env._("This follow-up is closed."))

    def _exclude(self, reason):
        self.write({"state": "excluded", "reason": reason})

    def _refuse_opposed(self):
        """Look again right before sending: a contact may have objected since."""
        refusals = self.lead_id._find_follow_up_refusals()
        for line in self:
            reason = refusals.get(line.lead_id.id)
            if reason:
                line.write({"state": "refused", "reason": reason})

    def _send(self):
        """Put the mail in the queue of outgoing mails, linked to the deal."""
        self.ensure_one()
        lead = self.lead_id
        recipient = lead._get_draft_recipients()
        message = lead.with_context(mail_notify_force_send=False).message_post(
            body=self.body,
            subject=self.subject,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=recipient.ids,
            outgoing_email_to=False if recipient else lead.email_from,
            email_layout_xmlid="mail.mail_notification_light",
            notify_skip_followers=True,
        )
        message._keep_draft(self.call_id)
        self.write({"state": "sent", "message_id": message.id})
