from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("draft", "New"),
    ("recording", "Recording"),
    ("transcribing", "Transcribing"),
    ("summarising", "Summing Up"),
    ("review", "To Review"),
    ("approved", "Approved"),
    ("discarded", "Discarded"),
    ("failed", "Failed"),
]
# What its owner may change by hand; all else follows from actions and answers.
FREE_FIELDS = {"name", "lead_id", "event_id", "met_at", "user_id"}


class CrmMeetingSummary(models.Model):
    """What a meeting came to, from its sound or text to what the deal learns of it.

    draft -> recording -> transcribing -> summarising -> review -> approved, a text
    starting at summarising. Nothing is written on the deal before a person approves.
    The words and the sound go after some days; what was approved stays.
    """

    _name = "crm.meeting.summary"
    _description = "Meeting Summary"
    _order = "met_at DESC, id DESC"

    name = fields.Char(string="Subject", required=True)
    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", ondelete="cascade", index="btree_not_null"
    )
    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        ondelete="set null",
        index="btree_not_null",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    met_at = fields.Datetime(
        string="Met On", required=True, default=fields.Datetime.now
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, index=True
    )
    source = fields.Selection(
        [("recording", "Recording"), ("audio", "Sound File"), ("text", "Text")],
        readonly=True,
    )
    file_name = fields.Char(readonly=True)
    consent_at = fields.Datetime(string="Participants Agreed On", readonly=True)
    problem_code = fields.Char(readonly=True)
    problem = fields.Char(compute="_compute_problem")

    segment_count = fields.Integer(string="Stretches of Speech", readonly=True)
    duration_seconds = fields.Integer(string="Length (seconds)", readonly=True)
    purge_date = fields.Date(string="Words and Sound Kept Until", readonly=True)
    is_purged = fields.Boolean(readonly=True)

    item_ids = fields.One2many("crm.meeting.item", "summary_id")
    chunk_ids = fields.One2many("crm.meeting.chunk", "summary_id")
    action_count = fields.Integer(
        string="Actions", compute="_compute_action_count", compute_sudo=False
    )
    approved_by_id = fields.Many2one("res.users", readonly=True)
    approved_at = fields.Datetime(string="Approved On", readonly=True)
    activity_count = fields.Integer(string="Activities Made", readonly=True)

    _purge_index = models.Index("(purge_date) WHERE is_purged IS NOT TRUE")

    # === Computes === #

    @api.depends("problem_code")
    def _compute_problem(self):
        for summary in self:
            code = summary.problem_code
            summary.problem = code and summary._get_problem_sentence(code)

    @api.depends("item_ids.kind")
    def _compute_action_count(self):
        counts = dict(
            self.env["crm.meeting.item"]._read_group(
                [("summary_id", "in", self.ids), ("kind", "=", "action")],
                ["summary_id"],
                ["__count"],
            )
        )
        for summary in self:
            summary.action_count = counts.get(summary, 0)

    # === Create and write === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_given(vals)
            lead = self.env["crm.lead"].browse(vals.get("lead_id"))
            event = self.env["calendar.event"].browse(vals.get("event_id"))
            (lead or event).check_access("read")
            if event and not lead:
                lead = event.opportunity_id
                vals["lead_id"] = lead.id
            company = lead.company_id or self.env.company
            vals["company_id"] = company.id
            vals.setdefault("name", (event or lead).display_name or "")
            if event and "met_at" not in vals:
                vals["met_at"] = event.start
            today = fields.Date.context_today(self)
            vals["purge_date"] = today + timedelta(company.meeting_retention_days)
        return super().create(vals_list)

    def write(self, vals):
        self._check_given(vals)
        if vals.get("lead_id"):
            self.env["crm.lead"].browse(vals["lead_id"]).check_access("read")
        if "lead_id" in vals and any(s.state == "approved" for s in self):
            raise UserError(self.env._("An approved summary stays on its opportunity."))
        return super().write(vals)

    def _check_given(self, vals):
        """Refuse what only our own code may set."""
        if not self.env.su and set(vals) - FREE_FIELDS:
            raise UserError(
                self.env._("This is set by the summary itself and cannot be typed.")
            )

    # === The rest of the screen follows === #

    def _set_state(self, state, **vals):
        """Move on, and tell whoever looks at it.

        :param vals: other fields, written with it
        """
        # sudo: nobody may write the state by hand
        self.sudo().write({"state": state, "problem_code": False, **vals})
        self._tell_screens()

    def _fail(self, code):
        self._set_state("failed", problem_code=code)

    def _tell_screens(self):
        for summary in self:
            message = {"res_model": self._name, "res_id": summary.id}
            users = summary.user_id | self.env.user
            for user in users.filtered(lambda user: not user.share):
                user._bus_send("crm_base.record", message)

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Meeting Summary"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
