from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..lib.activity_kinds import activity_kind
from .crm_meeting_item import FACTS

ACTIVITY_TYPES = {
    "meeting": "mail.mail_activity_data_meeting",
    "call": "mail.mail_activity_data_call",
    "todo": "mail.mail_activity_data_todo",
}


class CrmMeetingSummary(models.Model):
    """A person approves; only now the deal learns of the meeting."""

    _inherit = "crm.meeting.summary"

    def action_approve(self):
        """Put the summary on the opportunity, make its activities, set chosen facts."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        if self.state != "review":
            raise UserError(self.env._("There is nothing to approve here."))
        if not self.lead_id:
            raise UserError(
                self.env._("Choose the opportunity this meeting was about first.")
            )
        lead = self.lead_id
        lead.check_access("write")
        self._write_facts(lead)
        made = self._make_activities(lead)
        lead.message_post(body=self._render_note(), subtype_xmlid="mail.mt_note")
        self._set_state(
            "approved",
            approved_by_id=self.env.uid,
            approved_at=fields.Datetime.now(),
            activity_count=len(made),
        )
        self._tell_decision()
        return True

    def action_discard(self):
        """Forget the meeting: its words, its sound, what was made of them."""
        for summary in self:
            summary.check_access("write")
            if summary.state == "approved":
                raise UserError(
                    self.env._("An approved summary is part of the opportunity.")
                )
            call = summary.call_id
            summary._purge()
            summary.sudo().item_ids.unlink()
            summary._set_state("discarded")
            if summary._may_decide(call):
                call._decide("dismissed", code="other")
            elif call.sudo().state in ("pending", "running"):
                call.sudo().action_cancel()
        return True

    # === On the deal === #

    def _write_facts(self, lead):
        """Write the facts that were ticked, and no others."""
        chosen = self.item_ids.filtered(
            lambda item: item.is_chosen and item.kind in FACTS
        )
        values = {}
        for item in chosen:
            values |= self._prepare_fact(item, lead)
        rivals = chosen.filtered(lambda item: item.kind == "rival").mapped("text")
        if rivals:
            values["rivals"] = ", ".join(rivals)
        if values:
            lead.write(values)

    def _prepare_fact(self, item, lead):
        if item.kind == "budget" and item.amount:
            company = lead.company_id or self.company_id
            amount = item.currency_id._convert(
                item.amount, lead.company_currency, company, self._get_day()
            )
            return {"expected_revenue": amount}
        if item.kind == "deadline" and item.date_due:
            return {"date_deadline": item.date_due}
        if item.kind == "decision_maker":
            return {"decision_maker": item.text}
        return {}

    def _make_activities(self, lead):
        made = self.env["mail.activity"]
        actions = self.item_ids.filtered(
            lambda item: item.kind == "action" and item.is_chosen and item.text
        )
        for item in actions:
            made |= lead.activity_schedule(
                ACTIVITY_TYPES[activity_kind(item.text)],
                date_deadline=item.date_due or fields.Date.context_today(self),
                summary=item.text,
                note=self._render_origin(item),
                user_id=self._choose_assignee(item, lead).id,
            )
        return made

    def _choose_assignee(self, item, lead):
        """Return who gets the activity: nobody who may not open the opportunity."""
        for user in (item.owner_id, lead.user_id, self.user_id):
            if user.active and lead.with_user(user).has_access("read"):
                return user
        return self.env.user

    def _render_origin(self, item):
        origin = self.env._("Said in the meeting: %(name)s", name=self.name)
        parts = [Markup("<p>%s</p>") % origin]
        if item.owner_name and item.owner_name != item.owner_id.name:
            by = self.env._("Promised by %(name)s", name=item.owner_name)
            parts.append(Markup("<p>%s</p>") % by)
        return Markup("").join(parts)

    # === As text === #

    def _render_note(self):
        """Return the summary as the note of the opportunity."""
        labels = self._get_item_labels()
        link = Markup('<a href="#" data-oe-model="%s" data-oe-id="%s">%s</a>') % (
            self._name,
            self.id,
            self.name,
        )
        head = self.env._("Meeting summary, approved by %s", self.env.user.name)
        parts = [Markup("<p><b>%s</b><br/>%s</p>") % (head, link)]
        for kind, label in labels.items():
            lines = [
                Markup("<li>%s</li>") % self._describe(item)
                for item in self.item_ids
                if item.kind == kind
            ]
            if lines:
                rows = Markup("").join(lines)
                parts.append(Markup("<p><b>%s</b></p><ul>%s</ul>") % (label, rows))
        return Markup("").join(parts)

    def _describe(self, item):
        """Return an item in one line."""
        words = [item.text or ""]
        if item.kind == "budget" and item.amount:
            words.insert(0, format_amount(self.env, item.amount, item.currency_id))
        if item.kind == "mood" and item.mood:
            moods = dict(item._fields["mood"]._description_selection(self.env))
            words.insert(0, moods[item.mood])
        if item.kind == "action":
            words.append(item.owner_id.name or item.owner_name or "")
        if item.date_due:
            words.append(format_date(self.env, item.date_due))
        return " \u2013 ".join(word for word in words if word)

    def _tell_decision(self):
        """Say to the engine how much of its draft was kept."""
        call = self.call_id
        if not self._may_decide(call):
            return
        if any(item.is_manual or item.is_edited for item in self.item_ids):
            call._decide("edited", sent_text=self._get_text())
        else:
            call._decide("accepted")

    def _may_decide(self, call):
        """Tell whether the user decides on an answer: he asked, or administers."""
        # sudo: state and person only
        register = call.sudo()
        is_own = register.user_id == self.env.user
        is_admin = self.env.user.has_group("crm_base.crm_base_group_admin")
        return register.state == "done" and (is_own or is_admin)

    def _get_text(self):
        """Return the summary as lines, as the draft of the engine is written."""
        return "\n".join(self._describe(item) for item in self.item_ids)
