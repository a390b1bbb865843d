from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_ai.lib.inputs import Identity, Source, TaskInputs

from ..lib.draft_rules import Wish, apply_instruction, find_faults, write_mail
from ..lib.facts import get_known, prepare_facts, prepare_history
from ..lib.mentions import find_mentions
from ..lib.results import DraftResult

KINDS = ("follow_up", "reply", "quote_reminder", "thanks", "campaign", "sms")
TONES = ("warm", "neutral", "firm")
LENGTHS = ("short", "medium")
KIND_WORDS = {
    "follow_up": "relance",
    "reply": "réponse au dernier message du client",
    "quote_reminder": "relance d'un devis",
    "thanks": "remerciement",
    "campaign": "texte de campagne",
    "sms": "SMS",
}
TONE_WORDS = {"warm": "chaleureux", "neutral": "neutre", "firm": "ferme et courtois"}
LENGTH_WORDS = {"short": "80 mots au plus", "medium": "150 mots au plus"}
MAX_INSTRUCTION = 500


class CrmAiTaskDraft(models.AbstractModel):
    """A mail about a deal, for a person to read, change and send."""

    _name = "crm.ai.task.draft"
    _inherit = "crm.ai.task"
    _description = "Task: Draft of a Mail"

    _ai_feature = "copilot.draft"
    _ai_result = DraftResult
    _ai_stream_field = "body"
    _ai_is_public = True
    _ai_max_output_tokens = 900

    def _get_wish(self, call):
        """Return what the person asked for; unknown words mean the usual ones."""
        params = call._get_params()

        def choose(name, allowed, usual):
            value = params.get(name)
            return value if value in allowed else usual

        variant = params.get("variant")
        wish = Wish(
            choose("kind", KINDS, KINDS[0]),
            choose("tone", TONES, TONES[0]),
            choose("length", LENGTHS, "medium"),
            variant if isinstance(variant, int) and 0 <= variant < 50 else 0,
        )
        return wish

    def _get_instruction(self, call):
        return str(call._get_params().get("instruction") or "")[:MAX_INSTRUCTION]

    def _prepare_inputs(self, call):
        record = call._get_record()
        if record._name != "crm.lead":
            raise UserError(self.env._("The copilot writes about deals only."))
        context, wish = record._prepare_deal_context(), self._get_wish(call)
        identities = self._prepare_identities(context)
        return TaskInputs(
            facts={
                "demande": {
                    "type": KIND_WORDS[wish.kind],
                    "ton": TONE_WORDS[wish.tone],
                    "longueur": LENGTH_WORDS[wish.length],
                    "consigne": self._get_instruction(call),
                    "version": wish.variant + 1,
                },
                "faits": prepare_facts(context),
            },
            texts={
                "echanges": prepare_history(context),
                "brouillon": str(call._get_params().get("previous") or "")[:4000],
            },
            identities=identities,
            sources=(
                Source(record._name, record.id, record.display_name or ""),
                *(Source("sale.order", q.order_id, q.name) for q in context.quotes),
            ),
        )

    def _prepare_identities(self, context):
        found = [
            Identity("person", context.contact),
            Identity("person", context.seller),
            Identity("company", context.client),
            *(
                Identity("email" if "@" in contact else "phone", contact)
                for contact in context.contacts
            ),
        ]
        found += [Identity("person", exchange.author) for exchange in context.exchanges]
        return tuple(
            dict.fromkeys(identity for identity in found if identity.value.strip())
        )

    def _find_strange_contacts(self, call, text):
        """Return the addresses, numbers and links of a text that no record knows."""
        today = fields.Date.context_today(self)
        mentions = [m for m in find_mentions(text, today) if m.kind == "contact"]
        if not mentions:
            # most drafts: the record is not read a second time
            return frozenset()
        known = get_known(call._get_record()._prepare_deal_context())
        return frozenset(m.text for m in mentions if not known.holds(m, today))

    def _check_result(self, call, inputs, result):
        strange = self._find_strange_contacts(call, f"{result.subject}\n{result.body}")
        return find_faults(result.subject, result.body, strange)

    def _answer_by_rules(self, call, inputs):
        wish = apply_instruction(self._get_wish(call), self._get_instruction(call))
        return write_mail(call._get_record()._prepare_deal_context(), wish)

    def _on_answer(self, call, result):
        self.env["crm.follow.up.line"]._receive_draft(call, result)

    def _on_failure(self, call):
        self.env["crm.follow.up.line"]._receive_failure(call)
