from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [
    ("budget", "Budget"),
    ("deadline", "Deadline"),
    ("decision_maker", "Decision Maker"),
    ("rival", "Competitor"),
    ("mood", "Mood"),
    ("key_point", "Key Point"),
    ("decision", "Decision"),
    ("action", "Action"),
    ("objection", "Objection"),
]
MOODS = [
    ("positive", "Positive"),
    ("neutral", "Neutral"),
    ("mixed", "Mixed"),
    ("negative", "Negative"),
]
FACTS = ("budget", "deadline", "decision_maker", "rival")
# Facts of a summary come first, then what was said, then what is to be done.
PLACES = (*FACTS, "mood", "key_point", "decision", "objection", "action")
MAX_ITEMS = 200
# written by our code only
OWN_FIELDS = ("segments", "is_manual", "is_edited", "owner_name", "is_day_said")


# Lines of one kind stay together, those added by hand last.
STEP, ADDED = 1000, 900


def place_of(kind):
    """Return the sequence of the first line of a kind: facts, words, actions."""
    return STEP * PLACES.index(kind) if kind in PLACES else 0


class CrmMeetingItem(models.Model):
    """One thing a meeting said, editable until its summary is approved."""

    _name = "crm.meeting.item"
    _inherit = "crm.meeting.child"
    _description = "Item of a Meeting Summary"
    _order = "summary_id, sequence, id"
    _rec_name = "text"

    summary_id = fields.Many2one(
        "crm.meeting.summary", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="summary_id.company_id", store=True)
    sequence = fields.Integer(default=100)
    kind = fields.Selection(KINDS, required=True)
    text = fields.Char()
    owner_id = fields.Many2one("res.users", string="In Charge", ondelete="set null")
    owner_name = fields.Char(string="Named in the Meeting")
    date_due = fields.Date(string="Due")
    # False: nobody said when, the day is our proposal
    is_day_said = fields.Boolean(default=True)
    amount = fields.Monetary()
    currency_id = fields.Many2one("res.currency")
    mood = fields.Selection(MOODS)
    # action: becomes an activity; fact: goes onto the opportunity
    is_chosen = fields.Boolean()
    is_manual = fields.Boolean(string="Added by Hand", readonly=True)
    is_edited = fields.Boolean(readonly=True)
    # indexes of the segments where it is said, the main one first
    segments = fields.Json(readonly=True)

    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)", "An amount cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            summaries = self.env["crm.meeting.summary"].browse(
                {vals.get("summary_id") for vals in vals_list} - {None}
            )
            summaries.check_access("write")
            self._check_open(summaries)
            vals_list = [
                {k: v for k, v in vals.items() if k not in OWN_FIELDS}
                | {"is_manual": True, "sequence": place_of(vals.get("kind")) + ADDED}
                for vals in vals_list
            ]
        items = super().create(vals_list)
        for summary in items.summary_id:
            if len(summary.item_ids) > MAX_ITEMS:
                raise ValidationError(
                    self.env._(
                        "A summary has %(count)s items at most.", count=MAX_ITEMS
                    )
                )
        return items

    def write(self, vals):
        if not self.env.su:
            self._check_open(self.summary_id)
            vals = {k: v for k, v in vals.items() if k not in OWN_FIELDS}
            if "summary_id" in vals:
                raise UserError(self.env._("An item stays with its meeting."))
            if set(vals) - {"is_chosen", "sequence"}:
                vals["is_edited"] = True
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        if not self.env.su:
            self._check_open(self.summary_id)

    def _check_open(self, summaries):
        if any(summary.state != "review" for summary in summaries):
            raise UserError(
                self.env._("Only a summary that waits for its review can be changed.")
            )
