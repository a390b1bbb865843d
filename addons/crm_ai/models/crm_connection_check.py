from odoo import api, models
from odoo.tools.translate import LazyTranslate

from odoo.addons.crm_base.lib.errors import ClientError
from odoo.addons.crm_integrations.lib.exchange import CheckResult

from ..lib.budget import cost_of
from ..lib.messages import Message, ModelRequest

_lt = LazyTranslate(__name__)

LIST_MAX = 8
# What our own code says of a model that is not set up.
SENTENCES = {
    "the API key is missing or cannot be decrypted": _lt(
        "The API key is missing, or this server cannot read it: type it again. A"
        " server of your own that needs none is marked as on your own network."
    ),
    "no model for sound is set": _lt("No model for sound is set."),
    "this vendor does not transcribe": _lt("This vendor does not transcribe."),
}


class CrmConnection(models.Model):
    """The Test button of a language model: one short question, its time and cost."""

    _inherit = "crm.connection"

    def _prepare_check_openai(self, dry_run):
        return self._prepare_check_ai()

    def _prepare_check_anthropic(self, dry_run):
        return self._prepare_check_ai()

    def _prepare_check_ai(self):
        config, prices = self._get_ai_config(), self._get_ai_prices()
        client_class = self._get_ai_client_class(self.provider)
        texts = self._get_ai_check_texts()
        currency = self.currency_id.symbol or self.currency_id.name
        question = ModelRequest(
            system="Réponds par un seul mot.",
            messages=(Message("user", "Réponds : prêt"),),
            max_output_tokens=200,
            temperature=None,
        )

        def check():
            client = client_class(config)
            try:
                answer = client.complete(question)
                names = _list_names(client)
            finally:
                client.close()
            facts = {
                "model": answer.model or config.model,
                "ms": answer.duration_ms,
                "tokens": answer.usage.tokens_in + answer.usage.tokens_out,
            }
            lines = [texts["time"] % facts]
            if cost := cost_of(answer.usage, prices):
                lines.append(texts["cost"] % f"{cost:f} {currency}")
            else:
                lines.append(texts["free"])
            if names and config.model not in names:
                lines.append(texts["others"] % ", ".join(names[:LIST_MAX]))
            return CheckResult(texts["ok"], tuple(lines))

        return check

    @api.model
    def _get_error_sentences(self):
        return {**super()._get_error_sentences(), **SENTENCES}

    def _get_ai_check_texts(self):
        return {
            "ok": self.env._("The model answers."),
            "time": self.env._("%(model)s: %(ms)s ms, %(tokens)s tokens."),
            "cost": self.env._("This test cost %s."),
            "free": self.env._("No price is set: calls are counted as free."),
            "others": self.env._("The address also lists: %s."),
        }


def _list_names(client) -> list[str]:
    """Return the models of an account; not every server lists them."""
    try:
        return client.list_models()
    except ClientError:
        return []
