from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.crm_base.fields import EncryptedText
from odoo.addons.crm_base.lib.errors import ConfigurationError
from odoo.addons.crm_base.lib.http_rules import check_key

from ..const import AI_PROVIDERS, BASE_URLS
from ..lib.budget import Prices
from ..lib.messages import Capabilities, ClientConfig
from ..providers.anthropic_client import AnthropicClient
from ..providers.openai_client import OpenAiClient

KEY_GROUPS = "base.group_system,crm_base.crm_base_group_admin"


class CrmConnection(models.Model):
    """A language model at an address: its key, what it can do, what it costs."""

    _inherit = "crm.connection"

    provider = fields.Selection(
        selection_add=[
            ("openai", "OpenAI or compatible"),
            ("anthropic", "Anthropic"),
        ],
        ondelete={"openai": "cascade", "anthropic": "cascade"},
    )
    is_ai = fields.Boolean(compute="_compute_is_ai")
    ai_api_key = EncryptedText(
        string="AI API Key",
        groups=KEY_GROUPS,
        help="A server of your own may need none.",
    )
    ai_model = fields.Char(
        string="Model",
        help="As the vendor spells it, e.g. gpt-5-mini, mistral-small-latest,"
        " claude-haiku-4-5, llama3.1:8b.",
    )
    ai_audio_model = fields.Char(
        string="Transcription Model", help="e.g. whisper-1; empty: no recordings."
    )
    ai_is_local = fields.Boolean(
        string="On Our Own Network",
        groups=KEY_GROUPS,
        help="The address may be internal: Ollama, vLLM, llama.cpp, LM Studio.",
    )
    ai_is_masked = fields.Boolean(
        string="Hide Personal Data",
        default=True,
        help="Names, addresses, phones and bank accounts are replaced before they"
        " leave and put back in the answer. Off only for a server of your own.",
    )
    ai_has_schema = fields.Boolean(string="Takes a Schema", default=True)
    ai_has_tools = fields.Boolean(string="Calls Tools", default=True)
    ai_has_tool_choice = fields.Boolean(string="Tools on Demand", default=True)
    ai_has_streaming = fields.Boolean(string="Streams", default=True)
    ai_has_temperature = fields.Boolean(string="Takes a Temperature", default=True)
    ai_max_tokens_field = fields.Selection(
        [
            ("max_tokens", "max_tokens"),
            ("max_completion_tokens", "max_completion_tokens"),
        ],
        string="Length Limit Called",
        default="max_tokens",
        required=True,
    )
    ai_system_role = fields.Selection(
        [("system", "system"), ("developer", "developer")],
        string="Role of Instructions",
        default="system",
        required=True,
    )
    ai_context_tokens = fields.Integer(string="Context (tokens)", default=32_000)
    ai_timeout_seconds = fields.Integer(
        string="Longest Wait (seconds)",
        default=60,
        help="Of silence; then the next model is asked, or the rules answer.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    ai_price_in = fields.Float(
        string="Price per Million Tokens In",
        digits=(12, 4),
        help="From the vendor's price list, in your currency.",
    )
    ai_price_out = fields.Float(string="Price per Million Tokens Out", digits=(12, 4))
    ai_price_cached = fields.Float(
        string="Price per Million Cached Tokens", digits=(12, 4)
    )
    ai_price_audio = fields.Float(string="Price per Minute of Sound", digits=(12, 4))

    _ai_numbers_positive = models.Constraint(
        "CHECK(COALESCE(ai_price_in, 0) >= 0 AND COALESCE(ai_price_out, 0) >= 0"
        " AND COALESCE(ai_price_cached, 0) >= 0 AND COALESCE(ai_price_audio, 0) >= 0)",
        "A price cannot be negative.",
    )

    @api.depends("provider")
    def _compute_is_ai(self):
        for connection in self:
            connection.is_ai = connection.provider in AI_PROVIDERS

    @api.constrains("provider", "ai_model", "ai_timeout_seconds", "ai_context_tokens")
    def _check_ai_settings(self):
        for connection in self.filtered("is_ai"):
            if not (connection.ai_model or "").strip():
                raise ValidationError(self.env._("Say which model to ask."))
            if not 5 <= connection.ai_timeout_seconds <= 600:
                raise ValidationError(
                    self.env._("The longest wait is between 5 and 600 seconds.")
                )
            if connection.ai_context_tokens < 1000:
                raise ValidationError(
                    self.env._("A context of fewer than 1,000 tokens holds no prompt.")
                )

    @api.constrains("ai_api_key")
    def _check_ai_api_key(self):
        """A key travels in a header, which takes plain signs only."""
        for connection in self:
            try:
                # sudo: whoever types a key may not read it
                check_key(connection.sudo().ai_api_key or "")
            except ConfigurationError as error:
                raise ValidationError(
                    self.env._(
                        "An API key has no accents, spaces or line breaks: copy it"
                        " again from the page of the vendor."
                    )
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("ai_is_local") for vals in vals_list):
            self._check_may_open_network()
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("ai_is_local") or (
            "base_url" in vals and any(self.sudo().mapped("ai_is_local"))
        ):
            self._check_may_open_network()
        return super().write(vals)

    def _check_may_open_network(self):
        """Only who runs the server lets it call addresses of its own network."""
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._(
                    "Only an administrator of the server may point a model at an"
                    " address of its own network."
                )
            )

    # === Provider hooks === #

    @api.model
    def _get_capabilities(self):
        words = dict.fromkeys(AI_PROVIDERS, frozenset({"test"}))
        return {**super()._get_capabilities(), **words}

    @api.model
    def _get_edit_fields(self):
        return super()._get_edit_fields() | {"ai_api_key", "ai_model", "ai_is_local"}

    # === What the engine asks === #

    @api.model
    def _get_ai_client_class(self, provider: str):
        """Return the class that talks to a provider, without any record."""
        return {"openai": OpenAiClient, "anthropic": AnthropicClient}[provider]

    def _get_ai_config(self) -> ClientConfig:
        """Return all that a client needs.

        :raise ConfigurationError: the key cannot be read, or is missing where the
            vendor asks for one
        """
        self.ensure_one()
        # sudo: key and network rights are for the server only
        connection = self.sudo()
        base_url = connection.base_url or BASE_URLS[connection.provider]
        allow_private = connection.ai_is_local or connection._is_private_allowed(
            base_url
        )
        key = (connection.ai_api_key or "").strip()
        if not key and not allow_private:
            raise ConfigurationError("the API key is missing or cannot be decrypted")
        wait = connection.ai_timeout_seconds
        return ClientConfig(
            api_key=key,
            base_url=base_url,
            model=connection.ai_model or "",
            audio_model=connection.ai_audio_model or "",
            allow_private=allow_private,
            capabilities=connection._get_ai_capabilities(),
            read_seconds=wait,
            total_seconds=3 * wait,
        )

    def _get_ai_capabilities(self) -> Capabilities:
        self.ensure_one()
        return Capabilities(
            json_schema=self.ai_has_schema,
            tools=self.ai_has_tools,
            tool_choice=self.ai_has_tool_choice,
            audio=self.provider == "openai" and bool(self.ai_audio_model),
            streaming=self.ai_has_streaming,
            temperature=self.ai_has_temperature,
            max_tokens_field=self.ai_max_tokens_field,
            system_role=self.ai_system_role,
            context_tokens=self.ai_context_tokens,
        )

    def _get_ai_prices(self) -> Prices:
        self.ensure_one()

        def price(name):
            return Decimal(str(self[name] or 0))

        return Prices(
            price("ai_price_in"),
            price("ai_price_out"),
            price("ai_price_cached") if self.ai_price_cached else None,
            price("ai_price_audio"),
        )
