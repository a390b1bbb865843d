from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from ..lib.commands import EXAMPLES

PANEL_TURNS = 20
# Screens that may be opened, and nothing else.
SCREENS = {
    "pipeline": "crm.crm_lead_action_pipeline",
    "leads": "crm.crm_lead_all_leads",
    "activities": "crm.crm_lead_action_my_activities",
    "calendar": "calendar.action_calendar_event",
    "clients": "contacts.action_contacts",
    "forecast": "crm.crm_lead_action_forecast",
}


class CrmAiAssistantTurn(models.Model):
    """What the panel and Discuss show of a question."""

    _inherit = "crm.ai.assistant.turn"

    @api.model
    def get_panel(self) -> dict:
        """Return what an opened panel shows."""
        turns = self.search([("user_id", "=", self.env.uid)], limit=PANEL_TURNS)
        return {
            "turns": [turn._prepare_turn() for turn in turns.sorted("id")],
            "examples": list(EXAMPLES),
            "has_model": self._has_model(),
        }

    def watch(self) -> dict:
        """Return the present state of one question."""
        self.ensure_one()
        return self._prepare_turn()

    def _prepare_turn(self) -> dict:
        self.ensure_one()
        self.check_access("read")
        return {
            "id": self.id,
            "question": self.question,
            "state": self.state,
            "answer": self.answer or "",
            "call": self.call_id.watch() if self.call_id else None,
            "proposals": [one._prepare_card() for one in self.proposal_ids],
            "links": [link["label"] for link in self.links or []],
        }

    def _prepare_body(self):
        """Return the answer for Discuss: cards and screens become links."""
        body = self.answer or Markup("")
        for proposal in self.proposal_ids:
            body += Markup(
                '<p><a href="/odoo/%(model)s/%(id)s" data-oe-model="%(model)s"'
                ' data-oe-id="%(id)s">%(label)s</a></p>'
            ) % {
                "model": proposal._name,
                "id": proposal.id,
                "label": self.env._("To confirm: %s", proposal.display_name),
            }
        return body

    def open_link(self, index: int):
        """Return the action of one of the buttons under an answer."""
        self.ensure_one()
        self.check_access("read")
        links = self.links or []
        if not isinstance(index, int) or not 0 <= index < len(links):
            raise UserError(self.env._("There is nothing to open."))
        link = links[index]
        if screen := link.get("screen"):
            return self.env["ir.actions.act_window"]._for_xml_id(SCREENS[screen])
        return {
            "type": "ir.actions.act_window",
            "name": link["label"],
            "res_model": link["model"],
            "domain": [("id", "in", link["ids"])],
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "context": {"active_test": False},
        }

    def action_dismiss(self):
        """Say that an answer did not help."""
        self.ensure_one()
        self.check_access("read")
        self.call_id.action_dismiss("not_useful")

    @api.model
    def open_chat(self) -> int:
        """Return the conversation with the assistant in Discuss, made when missing."""
        channel = self.env["discuss.channel"]._get_assistant_chat()
        return channel.id
