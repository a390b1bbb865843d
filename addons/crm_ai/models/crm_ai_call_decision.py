from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.routing import edit_ratio

DECISIONS = [
    ("accepted", "Kept"),
    ("edited", "Changed"),
    ("dismissed", "Dismissed"),
]
DISMISS_CODES = [
    ("wrong_facts", "Wrong facts"),
    ("wrong_tone", "Wrong tone"),
    ("too_long", "Too long"),
    ("not_useful", "Not useful"),
    ("other", "Other"),
]


class CrmAiCall(models.Model):
    """What a person did with an answer."""

    _inherit = "crm.ai.call"

    decision = fields.Selection(DECISIONS, readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    edit_pct = fields.Float(
        string="Changed (%)",
        readonly=True,
        help="Share of the words that differ between the draft and what was sent.",
    )
    dismiss_code = fields.Selection(DISMISS_CODES, string="Why Not", readonly=True)
    dismiss_reason = fields.Char(readonly=True)

    def action_accept(self):
        """Keep the answers as they are."""
        for call in self:
            call._decide("accepted")

    def action_dismiss(self, code: str = "other", reason: str = ""):
        """Turn the answers down, saying why."""
        if code not in dict(DISMISS_CODES):
            raise UserError(self.env._("This reason is not on the list."))
        for call in self:
            call._decide("dismissed", code=code, reason=reason)

    def _decide(self, decision, *, sent_text=None, code=None, reason=""):
        """Note what the person did; a later decision replaces the former.

        :param decision: `accepted`, `edited` (with `sent_text`) or `dismissed`;
            `edited` without a difference counts as accepted
        """
        self.ensure_one()
        self._check_decider()
        values = {
            "decision": decision,
            "decided_by_id": self.env.uid,
            "decided_at": fields.Datetime.now(),
            "edit_pct": 0,
            "dismiss_code": code if decision == "dismissed" else False,
            "dismiss_reason": (reason or "")[:500] or False,
        }
        if decision == "edited":
            ratio = edit_ratio(self._get_answer_text(), sent_text or "")
            values["edit_pct"] = 100 * ratio
            if not ratio:
                values["decision"] = "accepted"
        # sudo: the register is written by the suite only
        self.sudo().write(values)

    def _check_decider(self):
        """The person who asked decides, or an administrator."""
        self.check_access("read")
        if self.sudo().state != "done":
            raise UserError(self.env._("There is no answer to decide on."))
        mine = self.sudo().user_id == self.env.user
        if not mine and not self.env.user.has_group("crm_base.crm_base_group_admin"):
            raise AccessError(self.env._("Who asked decides."))
