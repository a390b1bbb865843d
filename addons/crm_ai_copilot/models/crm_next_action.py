from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_next_action_rule import KINDS, MAIL_KINDS

OPEN_STATES = ("proposed", "snoozed")
SNOOZE_DAYS = 3
DISMISS_REASONS = [
    ("done", "Already done"),
    ("wrong", "Not the right step"),
    ("later", "Too early"),
    ("client", "The client asked not to be contacted"),
    ("other", "Other"),
]
# The reason in the register of AI outputs.
CALL_CODES = {"wrong": "not_useful", "done": "not_useful"}
ACTIVITIES = {
    "call": "mail.mail_activity_data_call",
    "meeting": "mail.mail_activity_data_meeting",
    "follow_up": "mail.mail_activity_data_email",
    "reply": "mail.mail_activity_data_email",
    "quote_reminder": "mail.mail_activity_data_email",
    "thanks": "mail.mail_activity_data_email",
}


class CrmNextAction(models.Model):
    """A proposed step on a deal.

    It is *proposed* by the rules, and stays so while they propose it; a person
    accepts, snoozes or dismisses it; else it *expires* when its reason is gone.
    Nothing happens on the deal before a person's click.
    """

    _name = "crm.next.action"
    _description = "Next Action"
    _order = "value desc, due_on, id"
    _rec_name = "reason"

    lead_id = fields.Many2one(
        "crm.lead", string="Deal", required=True, index=True, ondelete="cascade"
    )
    rule_id = fields.Many2one("crm.next.action.rule", ondelete="set null", index=True)
    kind = fields.Selection(KINDS, string="Step", required=True)
    reason = fields.Char(required=True)
    due_on = fields.Date(string="Due", required=True)
    gain_points = fields.Float(string="Gain (points)")
    currency_id = fields.Many2one(related="lead_id.company_currency")
    value = fields.Monetary(
        string="Expected Value",
        currency_field="currency_id",
        help="The gain in probability times the amount of the deal.",
    )
    is_best = fields.Boolean(string="First Choice")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("snoozed", "Snoozed"),
            ("accepted", "Accepted"),
            ("dismissed", "Dismissed"),
            ("expired", "Expired"),
        ],
        default="proposed",
        required=True,
    )
    snoozed_until = fields.Date()
    dismiss_reason = fields.Selection(DISMISS_REASONS)
    dismiss_note = fields.Char()
    decided_by_id = fields.Many2one("res.users", string="Decided by")
    decided_at = fields.Datetime()
    activity_id = fields.Many2one("mail.activity", ondelete="set null")
    user_id = fields.Many2one(
        related="lead_id.user_id", string="Salesperson", store=True, index=True
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True)
    partner_id = fields.Many2one(related="lead_id.partner_id")
    stage_id = fields.Many2one(related="lead_id.stage_id")
    amount = fields.Monetary(
        related="lead_id.expected_revenue", currency_field="currency_id"
    )

    _one_open = models.UniqueIndex(
        "(lead_id, rule_id) WHERE state IN ('proposed', 'snoozed')",
        "This step is proposed already.",
    )
    _by_day = models.Index("(user_id, value DESC) WHERE state = 'proposed'")

    # === What a person does === #

    def _begin_decision(self):
        """Take the row of a person's click; refuse what is decided already."""
        self.ensure_one()
        # The right to work on the deal is the right to decide on its next step.
        self.lead_id.check_access("write")
        action_sudo = self.sudo()
        action_sudo.lock_for_update()
        action_sudo.invalidate_recordset(["state"])
        if action_sudo.state not in OPEN_STATES:
            raise UserError(
                self.env._("This proposal was answered already. Reload the page.")
            )

    def _close(self, state, **values):
        # sudo: proposals are written by the system; the right on the deal is checked
        self.sudo().write(
            {
                "state": state,
                "is_best": False,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                **values,
            }
        )
        self.lead_id._refresh_next_actions()

    def action_accept(self):
        """Plan the activity, then open what the step needs."""
        self._begin_decision()
        activity = self._plan_activity()
        self._log_decision("accepted")
        self._close("accepted", activity_id=activity.id)
        lead = self.lead_id
        if self.kind in MAIL_KINDS:
            return lead._open_draft(self.kind, activity)
        if self.kind == "quote":
            return lead._open_quote_to_make()
        return None

    def _plan_activity(self):
        xmlid = ACTIVITIES.get(self.kind, "mail.mail_activity_data_todo")
        return self.lead_id.activity_schedule(
            xmlid,
            date_deadline=self.due_on,
            summary=self.reason[:250],
            user_id=(self.lead_id.user_id or self.env.user).id,
        )

    def action_snooze(self):
        self._begin_decision()
        until = fields.Date.context_today(self) + timedelta(days=SNOOZE_DAYS)
        self._close("snoozed", snoozed_until=until)

    def action_ask_reason(self):
        """Open the question why the proposal is dismissed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dismiss the Proposal"),
            "res_model": "crm.next.action.dismiss",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action_id": self.id},
        }

    def action_dismiss(self, reason, note=""):
        """Refuse the proposal.

        :param str reason: key of ``DISMISS_REASONS``
        """
        if reason not in dict(DISMISS_REASONS):
            raise UserError(self.env._("Choose a reason."))
        self._begin_decision()
        self._log_decision("dismissed", reason)
        self._close(
            "dismissed",
            dismiss_reason=reason,
            dismiss_note=(note or "")[:250],
        )

    def action_open_lead(self):
        self.ensure_one()
        return self.lead_id.get_formview_action()

    def action_log_visit(self):
        self.ensure_one()
        return self.lead_id.action_log_visit()

    def _log_decision(self, decision, reason=None):
        """Leave a row in the register of AI outputs."""
        call = self.env["crm.ai.call"]._create_call(
            "copilot.next_action", self.lead_id, {"action_id": self.id}
        )
        call._answer_now()
        code = CALL_CODES.get(reason, "other") if reason else None
        label = dict(DISMISS_REASONS).get(reason, "")
        call._decide(decision, code=code, reason=label)

    # === What the system does === #

    @api.model
    def _keep_proposals(self, lead_id, candidates, opened):
        """Bring the open proposals of a deal in line with what the rules say now.

        :param candidates: of the pure code, best first
        :param opened: recordset of open proposals of this deal
        :return: values of the proposals to be created
        """
        by_rule = {action.rule_id.id: action for action in opened}
        to_create = []
        for rank, candidate in enumerate(candidates):
            values = {
                "kind": candidate.kind,
                "reason": candidate.reason,
                "gain_points": candidate.gain_points,
                "value": float(candidate.value),
                "is_best": rank == 0,
            }
            action = by_rule.pop(candidate.rule_id, None)
            if action is None:
                to_create.append(
                    {
                        **values,
                        "lead_id": lead_id,
                        "rule_id": candidate.rule_id,
                        "due_on": candidate.due_on,
                    }
                )
                continue
            # Its day stays while it is proposed, unless it is past.
            if action.due_on < fields.Date.context_today(self):
                values["due_on"] = candidate.due_on
            # Put off until a day that has come.
            values |= {"state": "proposed", "snoozed_until": False}
            changed = {
                name: value for name, value in values.items() if action[name] != value
            }
            if changed:
                action.write(changed)
        gone = self.browse([action.id for action in by_rule.values()])
        gone = gone.filtered(lambda action: action.state == "proposed")
        if gone:
            gone.write({"state": "expired", "is_best": False})
        return to_create
