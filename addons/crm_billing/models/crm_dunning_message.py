from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

CHANNELS = [
    ("mail", "E-mail"),
    ("letter", "Letter"),
    ("task", "Task for a person"),
]
STATES = [
    ("queued", "Leaving"),
    ("retry", "Refused, tried again"),
    ("to_post", "Letter to post"),
    ("sent", "Sent"),
    ("task", "Task for a person"),
    ("done", "Done by hand"),
    ("failed", "Not delivered"),
    ("cancelled", "Withdrawn"),
]


class CrmDunningMessage(models.Model):
    """One message to one client, about one or several documents.

    Queued with its mail, sent once the mail has left. A refused mail is tried again,
    then it becomes a task. A letter waits to be posted. What a person has to do is a
    task from the start. Withdrawn when the debt changed before the mail left.
    """

    _name = "crm.dunning.message"
    _description = "Reminder"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True
    )
    # Not a link: merging two clients must not collide on the index below.
    client_key = fields.Integer(required=True)
    recipient_id = fields.Many2one("res.partner", string="Sent to")
    policy_id = fields.Many2one("crm.dunning.policy", index="btree_not_null")
    step_id = fields.Many2one("crm.dunning.step", required=True, ondelete="restrict")
    date = fields.Date(required=True)
    channel = fields.Selection(CHANNELS, required=True)
    state = fields.Selection(STATES, required=True, default="queued", index=True)
    reason = fields.Char(string="Why a Task")
    line_ids = fields.One2many("crm.dunning.line", "message_id", string="Documents")
    lang = fields.Char(string="Language")
    responsible_id = fields.Many2one("res.users", string="Person in Charge")
    deadline_on = fields.Date(string="Deadline Given", compute="_compute_deadline_on")
    previous_on = fields.Date(
        string="Previous Reminder", help="Day of the last message before this one."
    )

    mail_id = fields.Many2one("mail.mail", index="btree_not_null", ondelete="set null")
    mail_message_id = fields.Many2one(
        "mail.message", index="btree_not_null", ondelete="set null"
    )
    mail_address = fields.Char(string="Address")
    tries = fields.Integer(string="Refusals")
    next_try_at = fields.Datetime(string="Tried Again at")
    failure = fields.Char(string="Why It Was Refused")
    sent_at = fields.Datetime(string="Left at")

    attachment_ids = fields.Many2many(
        "ir.attachment",
        "crm_dunning_message_attachment_rel",
        string="Letter and Tables",
    )
    letter_number = fields.Char(string="Registered Letter No.")
    letter_posted_on = fields.Date(string="Posted On")
    letter_received_on = fields.Date(string="Received On")
    posting_proof_ids = fields.Many2many(
        "ir.attachment",
        "crm_dunning_message_posting_rel",
        string="Proofs of Posting",
    )
    receipt_proof_ids = fields.Many2many(
        "ir.attachment",
        "crm_dunning_message_receipt_rel",
        string="Proofs of Receipt",
    )

    # Two servers, two days off the clock: still one message a day for a client.
    _one_a_day = models.UniqueIndex(
        "(company_id, client_key, date) WHERE state != 'cancelled'"
        " AND channel != 'task'",
        "This client already gets a reminder today.",
    )
    _to_follow = models.Index(
        "(state, next_try_at) WHERE state IN ('queued', 'retry', 'to_post')"
    )

    @api.depends("partner_id", "step_id", "date")
    def _compute_display_name(self):
        for message in self:
            name = message.partner_id.name or ""
            message.display_name = f"{message.step_id.name}, {name}"

    @api.depends("date", "step_id.deadline_days")
    def _compute_deadline_on(self):
        for message in self:
            days = timedelta(days=message.step_id.deadline_days)
            message.deadline_on = message.date and message.date + days

    def write(self, vals):
        """Only the proofs of a letter are typed; the rest is what happened."""
        typed = {
            "letter_number",
            "letter_posted_on",
            "letter_received_on",
            "posting_proof_ids",
            "receipt_proof_ids",
        }
        history = {name for name in vals if name.startswith(("activity_", "message_"))}
        if not self.env.su and vals.keys() - typed - history:
            raise AccessError(self.env._("The history of reminders cannot be changed."))
        result = super().write(vals)
        if vals.get("letter_received_on"):
            self._date_formal_notices()
        return result

    def _date_formal_notices(self):
        """A consumer owes interest from the day after the notice was received."""
        for message in self.filtered("step_id.is_formal"):
            # sudo: typed by somebody who may write the reminder
            moves = message.sudo()._get_late_lines().move_id
            unknown = moves.filtered(lambda move: not move.formal_notice_date)
            unknown.formal_notice_date = message.letter_received_on

    # === Buttons === #

    def action_posted(self):
        """The letter was posted: keep the date, the step counts from now on."""
        self.check_access("write")
        for message in self:
            if message.state != "to_post":
                raise UserError(
                    self.env._(
                        "%(name)s waits for no letter.", name=message.display_name
                    )
                )
        today = fields.Date.context_today(self)
        for message in self.filtered(lambda m: not m.letter_posted_on):
            message.letter_posted_on = today
        # sudo: the state follows what is done, it is not typed
        self.sudo()._mark_sent()

    def action_done(self):
        """A person did what the task asks."""
        self.check_access("write")
        # sudo: the state follows what is done, it is not typed
        tasks = self.sudo().filtered(lambda m: m.state in ("task", "failed"))
        tasks.write({"state": "done", "sent_at": fields.Datetime.now()})
        tasks.activity_ids.action_feedback()
        tasks._log_on_documents()

    def action_retry(self):
        """Send again a message that was refused, after its address was mended."""
        self.check_access("write")
        # sudo: the state follows what is done, it is not typed
        self.sudo().filtered(lambda m: m.state in ("failed", "retry"))._requeue()

    def action_cancel(self):
        """Withdraw a message that has not left; the next run decides again."""
        self.check_access("write")
        # sudo: the state follows what is done, it is not typed
        self.sudo().filtered(
            lambda m: m.state in ("queued", "retry", "to_post", "task")
        )._withdraw(self.env._("Withdrawn by hand."))

    def action_view_lines(self):
        """Open the documents of the message."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_dunning_line_action"
        )
        return {**action, "domain": [("message_id", "=", self.id)], "context": {}}
