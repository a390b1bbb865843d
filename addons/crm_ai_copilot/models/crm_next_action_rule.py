from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.next_action import MAX_DUE_DAYS, PLACEHOLDERS, Rule, learn_gain

KINDS = [
    ("call", "Call"),
    ("meeting", "Meeting"),
    ("follow_up", "Follow-up mail"),
    ("reply", "Answer by mail"),
    ("quote_reminder", "Quote reminder"),
    ("thanks", "Thank-you mail"),
    ("quote", "Make a quote"),
    ("deadline", "Review the closing date"),
]
MAIL_KINDS = ("follow_up", "reply", "quote_reminder", "thanks")
QUOTE_STATES = [
    ("none", "No quote"),
    ("draft", "In preparation"),
    ("sent", "Sent"),
    ("expired", "Expired"),
    ("accepted", "Accepted"),
]
VISIT_RESULTS = [
    ("interested", "Interested"),
    ("to_recontact", "To be contacted again"),
    ("not_interested", "Not interested"),
    ("absent", "Absent"),
]


class CrmNextActionRule(models.Model):
    """A row of the table that says which step suits a deal.

    A condition that is empty, or zero, always holds.
    """

    _name = "crm.next.action.rule"
    _description = "Rule of Next Actions"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    kind = fields.Selection(KINDS, required=True, default="call")
    reason = fields.Char(
        required=True,
        help="The sentence the seller reads. {silence}, {quote}, {quote_days},"
        " {quote_reads}, {amount}, {stage_days}, {promise}, {late}, {score_change}"
        " and {deal} are replaced.",
    )
    due_days = fields.Integer(
        string="Due in (days)",
        default=1,
        help="From the day of the proposal, at most 5.",
    )
    gain_points = fields.Float(
        string="Expected Gain",
        default=5,
        help="Points of probability that acting brings, before history says better.",
    )
    learned_points = fields.Float(
        string="Learned Gain",
        readonly=True,
        help="From deals where the step was taken against deals where it was not.",
    )
    is_learned = fields.Boolean(string="From History", readonly=True)
    stage_ids = fields.Many2many("crm.stage", string="Stages")
    min_silence_days = fields.Integer(string="Silence from (days)")
    max_silence_days = fields.Integer(string="Silence up to (days)")
    min_stage_days = fields.Integer(string="In Stage from (days)")
    quote_state = fields.Selection(QUOTE_STATES)
    min_quote_days = fields.Integer(string="Quote Sent for (days)")
    is_read = fields.Boolean(string="Quote Read")
    last_direction = fields.Selection(
        [("none", "No exchange"), ("in", "The client wrote"), ("out", "We wrote")],
        string="Last Exchange",
    )
    activity_state = fields.Selection(
        [("none", "None"), ("planned", "Planned"), ("overdue", "Overdue")],
        string="Activities",
    )
    max_visit_days = fields.Integer(
        string="Visit within (days)", help="A visit or call was logged since."
    )
    visit_result = fields.Selection(VISIT_RESULTS, string="Result of the Visit")
    has_promise = fields.Boolean(string="Promise due")
    score_move = fields.Selection(
        [("rose", "Rose"), ("fell", "Fell"), ("still", "Did not move")],
        string="Probability",
        help="By ten points or more within a week.",
    )
    is_late = fields.Boolean(string="Closing Date past")
    is_unhappy = fields.Boolean(string="Client unhappy")
    min_amount = fields.Float(string="Amount from")

    @api.constrains("reason")
    def _check_reason(self):
        for rule in self:
            opened = rule.reason.count("{")
            known = sum(rule.reason.count("{" + name + "}") for name in PLACEHOLDERS)
            if opened != known:
                raise ValidationError(
                    self.env._(
                        "The reason of %(rule)s holds an unknown placeholder. Known"
                        " ones: %(names)s.",
                        rule=rule.name,
                        names=", ".join(sorted(f"{{{name}}}" for name in PLACEHOLDERS)),
                    )
                )

    @api.constrains("due_days")
    def _check_due_days(self):
        for rule in self:
            if not 0 <= rule.due_days <= MAX_DUE_DAYS:
                raise ValidationError(
                    self.env._("A next action is due within 0 to 5 days.")
                )

    def _prepare_rule(self):
        """Return the row as the pure code reads it."""
        self.ensure_one()
        gain = self.learned_points if self.is_learned else self.gain_points
        return Rule(
            rule_id=self.id,
            sequence=self.sequence,
            kind=self.kind,
            reason=self.reason,
            gain_points=gain,
            due_days=self.due_days,
            stage_ids=frozenset(self.stage_ids.ids),
            min_silence_days=self.min_silence_days,
            max_silence_days=self.max_silence_days,
            min_stage_days=self.min_stage_days,
            min_quote_days=self.min_quote_days,
            max_visit_days=self.max_visit_days,
            quote_state=self.quote_state or "",
            last_direction=self.last_direction or "",
            activity_state=self.activity_state or "",
            score_move=self.score_move or "",
            visit_result=self.visit_result or "",
            has_promise=self.has_promise,
            is_late=self.is_late,
            is_read=self.is_read,
            is_unhappy=self.is_unhappy,
            min_amount=Decimal(str(self.min_amount or 0)),
        )

    @api.model
    def _learn_gains(self):
        """Compare closed deals where a step was taken with those where it was not."""
        rules = self.search([("active", "in", (True, False))])
        rows = self.env["crm.next.action"]._read_group(
            [
                ("rule_id", "in", rules.ids),
                ("state", "in", ("accepted", "dismissed", "expired")),
                ("lead_id.won_status", "in", ("won", "lost")),
            ],
            ["rule_id", "state", "lead_id"],
        )
        won_leads = {lead for _, _, lead in rows if lead.won_status == "won"}
        taken = {(rule, lead) for rule, state, lead in rows if state == "accepted"}
        left = {(rule, lead) for rule, _, lead in rows} - taken

        def count(pairs, rule):
            leads = [lead for found, lead in pairs if found == rule]
            return sum(lead in won_leads for lead in leads), len(leads)

        for rule in rules:
            gain, is_learned = learn_gain(
                rule.gain_points, count(taken, rule), count(left, rule)
            )
            values = {"learned_points": gain, "is_learned": is_learned}
            if any(rule[name] != value for name, value in values.items()):
                rule.write(values)
