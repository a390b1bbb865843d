from odoo import fields, models

DRAFT_STATES = [("accepted", "AI draft"), ("edited", "AI draft, edited")]


class MailMessage(models.Model):
    _inherit = "mail.message"

    crm_ai_call_id = fields.Many2one(
        "crm.ai.call",
        string="Drafted by",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    crm_ai_draft_state = fields.Selection(
        DRAFT_STATES,
        string="AI Draft",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The message was sent from a draft of the copilot: as it was, or edited.",
    )

    def _to_store_defaults(self, target):
        names = super()._to_store_defaults(target)
        if target.is_internal(self.env):
            names = [*names, "crm_ai_draft_state"]
        return names

    def _get_exchange_direction(self):
        """Return who spoke to whom: ``in``, ``out`` or ``note``."""
        self.ensure_one()
        # sudo: whether an author is one of ours is no secret of his card
        author = self.sudo().author_id
        if self.message_type == "email" or (author and author.partner_share):
            return "in"
        note_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        is_note = self.mail_activity_type_id or self.subtype_id.id == note_id
        # Odoo logs an SMS as a note, and it went to the client all the same.
        if is_note and self.message_type != "sms":
            return "note"
        return "out"

    def _keep_draft(self, call):
        """Note that this message left from a draft, and how much it was changed."""
        self.ensure_one()
        if not call or call.decision:
            return
        state = call._decide_on_sending(call._sent_text(self.body))
        # sudo: a mark of the system on the message that its author just sent
        self.sudo().write({"crm_ai_call_id": call.id, "crm_ai_draft_state": state})
