import json

from odoo import models

MESSAGE_TYPE = "crm_ai.call"


class CrmAiCall(models.Model):
    """What screens show of an answer while it comes and afterwards."""

    _inherit = "crm.ai.call"

    def watch(self) -> dict:
        """Return the state of one answer for the screen of who asked."""
        self.ensure_one()
        self.check_access("read")
        call = self.sudo()
        message = call._prepare_message()
        message["result"] = json.loads(call.result_text) if call.result_text else None
        return message

    def _prepare_message(self, **more) -> dict:
        """Return what goes over the bus: no text of a person but the partial answer."""
        self.ensure_one()
        return {
            "id": self.id,
            "feature": self.feature_id.code,
            "state": self.state,
            "answered_by": self.answered_by or None,
            "label": self._get_label(),
            "reason": self.fallback_reason or "",
            "decision": self.decision or None,
            "parts": self.parts,
            "done_parts": self.done_parts,
            "text": "",
            **more,
        }

    def _get_label(self) -> str:
        """Say who answered, in how much time."""
        self.ensure_one()
        if self.state != "done":
            return ""
        if self.answered_by == "rules":
            return self.env._("Answered by the rules")
        who = self.model or self.connection_id.name
        if self.is_cache_hit:
            return self.env._("%s, answer reused", who)
        seconds = f"{self.duration_ms / 1000:.1f}"
        if (self.env.lang or "").startswith("fr"):
            seconds = seconds.replace(".", ",")
        return self.env._("%(who)s, %(seconds)s s", who=who, seconds=seconds)

    def _notify(self, **more):
        """Tell the person who asked (at commit)."""
        for call in self:
            person = call.user_id
            message = call.with_context(lang=person.lang)._prepare_message(**more)
            person._bus_send(MESSAGE_TYPE, message)

    def action_view_texts(self):
        """Show what was sent and what came, to administrators."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Texts of the Answer"),
            "res_model": "crm.ai.call.texts",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_call_id": self.id},
        }

    def action_view_record(self):
        """Open what the question was about."""
        self.ensure_one()
        record = self._get_record()
        return record.get_formview_action() if record else None
