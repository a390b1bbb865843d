import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.meeting import Meeting, name_words
from ..lib.rows import make_rows
from .crm_meeting_item import place_of

TRANSCRIBE = "meeting.transcribe"
SUMMARISE = "meeting.summary"


class CrmMeetingSummary(models.Model):
    """What is asked of the engine, and what its answers become."""

    _inherit = "crm.meeting.summary"

    call_id = fields.Many2one("crm.ai.call", readonly=True, ondelete="set null")
    answered_by = fields.Selection(
        [("model", "Model"), ("rules", "Rules")], readonly=True
    )
    fallback_reason = fields.Char(string="Why the Rules Answered", readonly=True)

    # === Ask === #

    def _transcribe(self):
        self.ensure_one()
        self._set_state("transcribing")
        self._ask_engine(TRANSCRIBE)

    def _summarise(self):
        self.ensure_one()
        self._set_state("summarising")
        self._ask_engine(SUMMARISE)

    def _summarise_now(self):
        """Have the rules answer in this very transaction."""
        self.ensure_one()
        self._set_state("summarising")
        call = self.env["crm.ai.call"]._create_call(SUMMARISE, self, {})
        # sudo: nobody sets it by hand
        self.sudo().call_id = call.id
        call._answer_now()

    def _ask_engine(self, feature):
        call = self.env["crm.ai.call"]._ask(feature, record=self, params={})
        # sudo: nobody sets it by hand
        self.sudo().call_id = call.id

    def action_retry(self):
        """Ask again, from where it stopped."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("failed", "review"):
            raise UserError(self.env._("This meeting is already being summed up."))
        if self._get_segments():
            self._summarise()
        elif self._get_sounds():
            self._transcribe()
        else:
            raise UserError(self.env._("The words of this meeting are gone."))

    def action_cancel(self):
        """Stop what is under way; it can be tried again."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("transcribing", "summarising"):
            return
        call = self.call_id
        self._fail("cancelled")
        # sudo: a colleague may stop what the seller asked
        if call.sudo().state in ("pending", "running"):
            call.sudo().action_cancel()

    # === What comes back === #

    def _is_answer_to(self, call, state):
        """Tell whether a call is the one that is waited for."""
        self.ensure_one()
        return self.exists() and self.state == state and self.call_id == call

    def _take_result(self, call, result):
        """Make the rows of a summary for its review."""
        meeting = self._get_meeting()
        # sudo: the rows come from our code, their owner may only edit them
        items = self.sudo().item_ids
        items.filtered(lambda item: not item.is_manual).unlink()
        people = self._get_people()
        self.env["crm.meeting.item"].sudo().create(
            [
                self._prepare_item(row, place, people)
                for place, row in enumerate(make_rows(result, meeting))
            ]
        )
        self._set_state(
            "review",
            answered_by=call.answered_by,
            fallback_reason=call.fallback_reason or False,
        )

    def _prepare_item(self, row, place, people):
        values = {
            "summary_id": self.id,
            "sequence": place_of(row.kind) + place,
            "kind": row.kind,
            "text": row.text[:500],
            "segments": list(row.segments),
        }
        if row.kind == "action":
            owner = self._find_owner(row.owner, people)
            values |= {
                "owner_id": (owner or self.lead_id.user_id or self.user_id).id,
                "owner_name": row.owner,
                "date_due": row.day,
                "is_day_said": row.is_day_said,
                "is_chosen": True,
            }
        if row.kind == "deadline":
            values["date_due"] = row.day
        if row.kind == "budget":
            values["amount"] = float(row.amount)
            values["currency_id"] = self._find_currency(row.currency).id
        if row.mood:
            values["mood"] = row.mood
        return values

    def _find_currency(self, code):
        Currency = self.env["res.currency"].sudo().with_context(active_test=False)
        found = Currency.search([("name", "=", code)], limit=1)
        return found or self.company_id.currency_id

    @api.model
    def _find_owner(self, name, people):
        """Return our user of that name: the one with most of its words."""
        words = name_words(name or "")
        best = max(people, key=lambda user: len(words & name_words(user.name)))
        return best if words & name_words(best.name) else people.browse()

    # === Who met === #

    def _get_people(self):
        """Return our people who may own an action, the seller first."""
        self.ensure_one()
        # sudo: names of colleagues
        sudoed = self.sudo()
        users = sudoed.lead_id.user_id | sudoed.user_id
        users |= sudoed.event_id.user_id | sudoed.event_id.partner_ids.user_ids
        users |= sudoed.lead_id.team_id.member_ids
        return users.filtered(lambda user: user.active and not user.share)

    def _get_meeting(self):
        """Return what the rules need to know beside the words."""
        self.ensure_one()
        sudoed = self.sudo()
        lead, event = sudoed.lead_id, sudoed.event_id
        partner = lead.partner_id
        clients = [
            partner.name,
            partner.commercial_partner_id.name,
            lead.partner_name,
            lead.contact_name,
            *event.partner_ids.filtered(lambda p: not p.user_ids).mapped("name"),
        ]
        ours = [*self._get_people().mapped("name"), self.company_id.name]
        return Meeting(
            self._get_day(),
            tuple(name for name in ours if name),
            tuple(name for name in clients if name),
        )

    def _get_day(self):
        """Return the day of the meeting where the business is."""
        zone = self.company_id.partner_id.tz or self.user_id.tz or "Europe/Paris"
        return pytz.utc.localize(self.met_at).astimezone(pytz.timezone(zone)).date()
