import json

from odoo import fields, models
from odoo.tools.translate import LazyTranslate

from .crm_ai_call import OPEN_STATES

_lt = LazyTranslate(__name__)

MESSAGE_TYPE = "crm_ai.call"
# Why a model did not answer.
CAUSES = {
    "no_model": _lt("No model is set up"),
    "budget": _lt("The budget is used up"),
    "not_capable": _lt("The model cannot do this"),
    "paused": _lt("The model is resting after failures"),
    "authentication": _lt("The model refuses our key"),
    "configuration": _lt("The model is not set up"),
    "quota": _lt("The account has no credit left"),
    "rate_limited": _lt("The model has too much to do"),
    "unavailable": _lt("The model does not answer"),
    "malformed": _lt("The model answers nonsense"),
    "refused": _lt("The model refused the question"),
    "model_refused": _lt("The model declined to answer"),
    "too_long": _lt("The question is too long"),
    "bad_output": _lt("The answer was not usable"),
    "prompt": _lt("No prompt is in use"),
    "internal": _lt("Something went wrong here"),
    "cancelled": _lt("Cancelled"),
    "ok": _lt("Answered"),
    "cache": _lt("Answer reused"),
}


class CrmAiCall(models.Model):
    """What screens show of an answer while it comes and afterwards."""

    _inherit = "crm.ai.call"

    steps_text = fields.Text(string="Who Was Asked", compute="_compute_steps_text")
    sources_text = fields.Text(string="Stands On", compute="_compute_sources_text")

    def _compute_steps_text(self):
        for call in self:
            call.steps_text = "\n".join(
                f"{step['name']} : {self._get_cause(step['outcome'])}"
                + (f" ({step['ms']} ms)" if step["ms"] else "")
                for step in call.sudo().steps or []
            )

    def _compute_sources_text(self):
        for call in self:
            labels = [source["label"] for source in call.sudo().sources or []]
            call.sources_text = "\n".join(filter(None, labels))

    def _get_cause(self, code: str) -> str:
        """Return what came of asking a model, in the language of the screen."""
        return self.env._(CAUSES[code]) if code in CAUSES else code

    def _get_fallback_reason(self, code: str) -> str:
        """Return the sentence that says why the rules answered."""
        return self.env._("%s: the rules answered.", self._get_cause(code))

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
            message = call.with_context(lang=call.lang)._prepare_message(**more)
            person._bus_send(MESSAGE_TYPE, message)
            if call.state not in OPEN_STATES:
                call._notify_forms(person)

    def _notify_forms(self, person):
        """Have open forms of this answer read it again (`crm_base.record`)."""
        forms = [(self._name, self.id)]
        if self.purpose == "preview":
            windows = self.env["crm.ai.prompt.preview"].sudo()
            windows = windows.search([("call_id", "=", self.id)])
            forms += [(windows._name, window.id) for window in windows]
        for res_model, res_id in forms:
            news = {"res_model": res_model, "res_id": res_id}
            person._bus_send("crm_base.record", news)

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
