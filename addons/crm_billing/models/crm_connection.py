import json
import secrets

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from odoo.addons.crm_base.fields import EncryptedText
from odoo.addons.crm_base.lib.errors import ConfigurationError
from odoo.addons.crm_integrations.lib.exchange import CallResult, CheckResult

from .. import const
from ..providers.stripe_client import StripeAccountClient, StripeConfig

STRIPE_KEYS = (
    "stripe_publishable_key",
    "stripe_secret_key",
    "stripe_webhook_secret",
)
KEY_GROUPS = "base.group_system,crm_base.crm_base_group_admin"


class CrmConnection(models.Model):
    """A Stripe account: the keys live on its payment provider, edited from here."""

    _inherit = "crm.connection"

    provider = fields.Selection(
        selection_add=[("stripe", "Stripe")], ondelete={"stripe": "cascade"}
    )
    payment_provider_id = fields.Many2one(
        "payment.provider",
        readonly=True,
        copy=False,
        ondelete="cascade",
    )
    stripe_publishable_key = fields.Char(
        related="payment_provider_id.stripe_publishable_key",
        readonly=False,
        groups=KEY_GROUPS,
    )
    stripe_secret_key = EncryptedText(
        related="payment_provider_id.stripe_secret_key",
        readonly=False,
        groups=KEY_GROUPS,
    )
    stripe_webhook_secret = EncryptedText(
        related="payment_provider_id.stripe_webhook_secret",
        string="Signing Secret",
        readonly=False,
        groups=KEY_GROUPS,
        help="Given by Stripe with the webhook; without it every event is refused.",
    )
    _payment_provider_uniq = models.UniqueIndex(
        "(payment_provider_id) WHERE payment_provider_id IS NOT NULL",
        "This payment provider already has its connection.",
    )

    # === Computes === #

    @api.model
    def _get_capabilities(self):
        return {
            **super()._get_capabilities(),
            "stripe": frozenset({"test", "dry_run"}),
        }

    # === Entering keys === #

    @api.model_create_multi
    def create(self, vals_list):
        # The keys after: they are entered in a provider that admins may not read.
        vals_list = [dict(vals) for vals in vals_list]
        given = []
        for vals in vals_list:
            keys = {name: vals.pop(name, False) for name in STRIPE_KEYS}
            is_stripe = vals.get("provider") == "stripe"
            given.append({name: key for name, key in keys.items() if is_stripe and key})
            if is_stripe and not vals.get("payment_provider_id"):
                company_id = vals.get("company_id") or self.env.company.id
                vals["payment_provider_id"] = self._make_stripe_provider(company_id)
        connections = super().create(vals_list)
        for connection, keys in zip(connections, given, strict=True):
            if keys:
                connection.write(keys)
        return connections

    def _make_stripe_provider(self, company_id):
        """A further account needs a payment provider of its own."""
        self.check_access("create")
        main = self.env.ref("payment.payment_provider_stripe")
        # sudo: CRM admins have no other right on payment providers
        provider = main.sudo().with_context(crm_billing_has_connection=True)
        return provider.copy({"company_id": company_id}).id

    def write(self, vals):
        keys = {name: vals[name] for name in STRIPE_KEYS if name in vals}
        others = {name: value for name, value in vals.items() if name not in keys}
        result = super().write(others) if others or not keys else True
        if keys:
            result = self._write_stripe_keys(keys)
        return result

    def _write_stripe_keys(self, keys):
        self.check_access("write")
        for name in keys:
            self._check_field_access(self._fields[name], "write")
        # sudo: CRM admins have no other right on payment providers
        connections = self.sudo()
        if any(not keys.get(name, True) for name in STRIPE_KEYS[:2]):
            connections.payment_provider_id.write({"state": "disabled"})
        result = super(CrmConnection, connections).write(keys)
        for connection in connections:
            account = connection.payment_provider_id
            key = account.stripe_secret_key or ""
            is_live = "_live_" in key
            connection.environment = "live" if is_live else "test"
            if key and account.stripe_publishable_key:
                account.state = "enabled" if is_live else "test"
        return result

    # === Finding the account of a company === #

    @api.model
    def _find_stripe(self, company):
        """Return the usable Stripe connection of a company, empty when none is."""
        # sudo: sellers use the account without seeing it
        connections = self.sudo().search(
            [("provider", "=", "stripe"), ("company_id", "=", company.id)]
        )
        return connections.filtered(
            lambda c: c.state != "off" and c.payment_provider_id.stripe_secret_key
        )[:1]

    @api.model
    def _explain_no_stripe(self, company):
        """Raise the sentence that says why links cannot be made, and the remedy."""
        secret = self.env["crm.secret"]
        if secret._status() != "ok":
            raise UserError(secret._explain())
        message = self.env._(
            "Stripe is not set up for %(company)s: its keys are missing. A CRM"
            " administrator enters them in CRM Suite, Connections, Stripe.",
            company=company.name,
        )
        if self.env.user.has_group("crm_base.crm_base_group_admin"):
            action = self._get_stripe_connection_action(company)
            raise RedirectWarning(message, action, self.env._("Enter the keys"))
        raise UserError(message)

    @api.model
    def _get_stripe_connection_action(self, company):
        connection = self.search(
            [("provider", "=", "stripe"), ("company_id", "=", company.id)], limit=1
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stripe"),
            "res_model": "crm.connection",
            "res_id": connection.id,
            "views": [(False, "form")],
            "target": "current",
        }

    # === Calls === #

    def _get_stripe_config(self):
        self.ensure_one()
        # sudo: the key is for the server only
        key = self.sudo().payment_provider_id.stripe_secret_key
        if not key:
            raise ConfigurationError(
                "the secret key of Stripe is missing or cannot be decrypted"
            )
        base_url = self.base_url or const.API_BASE_URL
        return StripeConfig(key, base_url, not self._is_private_allowed(base_url))

    def _get_client_stripe(self):
        return StripeAccountClient(self._get_stripe_config())

    def _prepare_call_stripe(self, exchange):
        """Return what to run outside any transaction for an outgoing exchange."""
        config = self._get_stripe_config()
        body = exchange._get_body()
        if not body:
            raise ConfigurationError("the message was emptied or cannot be decrypted")
        request = json.loads(body)
        key = exchange.idempotency_key
        client_class, ask = self._get_stripe_calls(request, key)[exchange.event]

        def call():
            with client_class(config) as client:
                answer = ask(client)
            return CallResult(
                status=answer.status,
                body=answer.to_json(),
                remote_id=answer.data.get("id"),
                duration_ms=answer.duration_ms,
            )

        return call

    @api.model
    def _get_stripe_calls(self, request, key):
        """Return {event: (class of the client, what to ask of it)}.

        Each part of the addon adds its calls.

        :param dict request: the decoded body of the exchange
        :param str key: its idempotency key
        """
        client = StripeAccountClient
        return {
            const.CALL_CREATE: (
                client,
                lambda c: c.create_checkout_session(request["params"], key),
            ),
            const.CALL_EXPIRE: (
                client,
                lambda c: c.expire_checkout_session(request["session"], key),
            ),
            const.CALL_CHECK: (
                client,
                lambda c: c.retrieve_checkout_session(request["session"]),
            ),
            const.CALL_FIND: (
                client,
                lambda c: c.find_checkout_sessions(request["payment_intent"]),
            ),
            const.CALL_REFUNDS: (
                client,
                lambda c: c.list_refunds(request["payment_intent"]),
            ),
        }

    def _prepare_check_stripe(self, dry_run):
        """Test: read the account. Dry run: open a page for one unit and close it."""
        config = self._get_stripe_config()
        texts = {
            "ok": self.env._("Stripe accepts the key."),
            "account": self.env._("Account: %s"),
            "currency": self.env._("Currency: %s"),
            "closed": self.env._("This account cannot take payments yet."),
            "dry_run": self.env._("A payment page was opened and closed at once."),
            "no_secret": self.env._(
                "The signing secret is missing: payments are only found by the"
                " hourly check."
            ),
        }
        params = self._prepare_dry_run_params() if dry_run else None
        has_secret = bool(self.sudo().payment_provider_id.stripe_webhook_secret)

        def check():
            with StripeAccountClient(config) as client:
                account = client.retrieve_account()
                lines = [
                    texts["account"] % (account.name or account.account_id),
                    texts["currency"] % account.currency,
                ]
                if not account.can_charge:
                    lines.append(texts["closed"])
                if params:
                    key = secrets.token_hex(16)
                    page = client.create_checkout_session(params, key)
                    client.expire_checkout_session(page.data["id"], f"{key}-close")
                    lines.append(texts["dry_run"])
            if not has_secret:
                lines.append(texts["no_secret"])
            return CheckResult(texts["ok"], tuple(lines))

        return check

    def _prepare_dry_run_params(self):
        return self.env["crm.payment.link"]._prepare_dry_run_params(self.company_id)
