import json

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_ai.lib.folding import fold, sql_words, words_of
from odoo.addons.crm_ai.lib.inputs import Identity, TaskInputs
from odoo.addons.crm_ai.lib.messages import Message

from ..lib import commands, figures, references, wording
from ..lib.results import AssistantAnswer
from ..lib.tools import all_tools
from .crm_ai_assistant_turn import FEATURE

# Names that hold a word of the question or of what was said before.
MAX_NAMES = 1000
# Words of questions that are no names.
_COMMON = frozenset(
    "affaire affaires client clients combien quel quelle quels quelles pipeline mois"
    " semaine jour jours aujourd demain avec sans pour dans sont est mes mon les des"
    " une comment cette depuis plus plan appel rappel mail message montre trouve"
    " ouvre cherche donne activite activites rendez vous devis facture".split()
)


class CrmAiTaskAssistant(models.AbstractModel):
    """Answers a question about one's own sales, by tools or by the rules."""

    _name = "crm.ai.task.assistant"
    _description = "Assistant"
    _inherit = "crm.ai.task"
    _ai_feature = FEATURE
    _ai_result = AssistantAnswer
    _ai_text_field = "text"
    _ai_max_output_tokens = 900
    _ai_max_rounds = 5

    def _get_turn(self, call):
        turn = self.env["crm.ai.assistant.turn"].browse(call._get_params()["turn_id"])
        turn.check_access("read")
        return turn

    def _prepare_inputs(self, call) -> TaskInputs:
        turn = self._get_turn(call)
        history = []
        for former in turn._find_history():
            history.append(Message("user", former.question))
            history.append(Message("assistant", former.answer_text or "-"))
        return TaskInputs(
            facts={
                "question": turn.question,
                "today": fields.Date.context_today(self).isoformat(),
            },
            identities=self._find_identities(
                [turn.question, *(one.text for one in history)]
            ),
            history=tuple(history),
        )

    def _find_identities(self, texts) -> tuple[Identity, ...]:
        """Return the names of contacts, deals and colleagues in what was typed."""
        words = {
            word
            for word in words_of(" ".join(texts))
            if len(word) > 2 and not word.isdigit() and word not in _COMMON
        }
        if not words:
            return ()
        found = []
        domain = _holds_word("name", words)
        for partner in self.env["res.partner"].search(domain, limit=MAX_NAMES):
            kind = "company" if partner.is_company else "person"
            found.append(Identity(kind, partner.name))
        if self.env["crm.lead"].has_access("read"):
            found += self._find_deal_identities(words, fold(" ".join(texts)))
        return tuple(
            dict.fromkeys(
                one for one in found if not words.isdisjoint(words_of(one.value))
            )
        )

    def _find_deal_identities(self, words, folded: str) -> list[Identity]:
        """Return the names on deals: of people, of firms, of deals typed whole."""
        domain = Domain.OR(
            _holds_word(name, words)
            for name in ("partner_name", "contact_name", "name")
        )
        found = []
        for lead in self.env["crm.lead"].search(domain, limit=MAX_NAMES):
            names = (("company", lead.partner_name), ("person", lead.contact_name))
            found += [Identity(kind, name) for kind, name in names if name]
            if fold(lead.name) in folded:
                found.append(Identity("other", lead.name))
        return found

    # === Tools === #

    def _get_tools(self, call):
        return all_tools()

    def _run_tool(self, call, tool_call) -> str:
        if tool_call.problem:
            return json.dumps({"error": tool_call.problem})
        result = self.env["crm.ai.assistant.tool"]._run(
            self._get_turn(call), tool_call.name, dict(tool_call.arguments)
        )
        return json.dumps(result, ensure_ascii=False, default=str)

    def _check_result(self, call, inputs, result) -> list[str]:
        """Have the model mend figures of its own once; later ones are marked."""
        turn = self._get_turn(call)
        unknown = figures.unknown_figures(result.text, turn._get_known_figures())
        if not unknown or turn.is_warned:
            return []
        turn.sudo().is_warned = True
        listed = ", ".join(figure.text.strip() for figure in unknown[:8])
        return [f"These figures are in no result of a tool, leave them out: {listed}."]

    # === Rules === #

    def _answer_by_rules(self, call, inputs) -> AssistantAnswer:
        turn = self._get_turn(call)
        # what a model began counts no more
        turn.sudo().write({"evidence": False, "links": False})
        turn.sudo().proposal_ids.filtered(lambda p: p.state == "proposed").unlink()
        command = commands.understand(turn.question)
        if not command:
            return AssistantAnswer(text=wording.refusal(commands.EXAMPLES[:4]))
        tools = self.env["crm.ai.assistant.tool"]
        results = [tools._run(turn, name, args) for name, args in command.tools]
        return AssistantAnswer(text=wording.answer(command.name, results))

    # === The end === #

    def _on_answer(self, call, result):
        turn = self._get_turn(call)
        turn._keep(result.text, is_checked=call.sudo().answered_by == "model")
        handles = references.find_handles(str(turn.sudo().evidence or ""))
        names = turn._get_names(set(handles))
        call.sudo().sources = [
            {"model": model, "id": res_id, "label": names[model, res_id][2]}
            for model, res_id in handles
            if (model, res_id) in names
        ]

    def _on_failure(self, call):
        turn = self._get_turn(call)
        if call.sudo().state == "cancelled":
            turn._fail("cancelled", self.env._("Cancelled."))
        else:
            reason = call.sudo().fallback_reason
            turn._fail("failed", reason or self.env._("No answer came."))


def _holds_word(name: str, words) -> Domain:
    """Return the records whose field holds one of the folded words as a whole word.

    One pass over the rows however many words there are.
    """

    def to_sql(model, alias, query):
        return SQL(
            "string_to_array(translate(lower(%s), %s, %s), ' ') && %s::text[]",
            model._field_to_sql(alias, name, query),
            *sql_words(),
            sorted(words),
        )

    return Domain.custom(to_sql=to_sql)
