import hashlib
import hmac
import json
import time
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_base.lib import errors
from odoo.addons.crm_base.providers.http import HttpClient
from odoo.addons.crm_integrations.exceptions import IgnoreExchange
from odoo.addons.crm_integrations.lib.exchange import CallResult, CheckResult
from odoo.addons.crm_integrations.lib.webhook import NO_SECRET, WebhookRefusedError

WEBHOOK_PATH = "/crm_integrations_test/webhook/"

RAISES = {
    "authentication": errors.AuthenticationError,
    "configuration": errors.ConfigurationError,
    "refused": errors.RefusedError,
    "rate_limited": partial(errors.RateLimitedError, delay_seconds=40),
    "unavailable": errors.UnavailableError,
    "malformed": errors.MalformedAnswerError,
    "ignore": IgnoreExchange,
    "user": UserError,
    "bug": ZeroDivisionError,
}


def post_message(client, body, key):
    """Send one message; the key tells the receiver whether it knows it."""
    answer = client.request(
        "POST", "/messages", data=body, headers={"Idempotency-Key": key}
    )
    return CallResult(answer.status, answer.body, answer.json().get("id"))


def ask(client):
    """Ask the receiver whether it is there."""
    answer = client.request("GET", "/status")
    return CheckResult("It answers.", (f"version {answer.json()['version']}",))


class CrmConnection(models.Model):
    _inherit = "crm.connection"

    provider = fields.Selection(
        selection_add=[("test", "Test partner")], ondelete={"test": "cascade"}
    )

    def _get_capabilities(self):
        return {
            **super()._get_capabilities(),
            "test": frozenset({"test", "dry_run"}),
        }

    def _get_webhook_paths(self):
        return {**super()._get_webhook_paths(), "test": WEBHOOK_PATH}

    def _read_webhook_test(self, body, headers):
        secret = self.sudo().webhook_secret
        if not secret:
            raise WebhookRefusedError(NO_SECRET)
        wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, headers.get("X-Signature", "")):
            raise WebhookRefusedError("no_match")
        return "test.received", headers["X-Event-Id"]

    def _get_client_test(self):
        if not self.base_url:
            raise errors.ConfigurationError("no address")
        return HttpClient(self.base_url, guard_private=False)

    def _prepare_check_test(self, dry_run):
        if dry_run:
            return lambda: CheckResult("Nothing was written.", ("2 customers",))
        return partial(ask, self._get_client())

    def _prepare_call_test(self, exchange):
        wish = json.loads(exchange._get_body())
        if kind := wish.get("prepare"):
            raise RAISES[kind](f"prepare {kind}")
        return partial(
            post_message,
            self._get_client(),
            exchange._get_body(),
            exchange.idempotency_key,
        )

    def _apply_result_test(self, exchange, result):
        self._note_effect(exchange)
        wish = json.loads(exchange._get_body())
        if kind := wish.get("apply"):
            raise RAISES[kind](f"apply {kind}")

    def _process_incoming_test(self, exchange):
        self._note_effect(exchange)
        wish = json.loads(exchange._get_body())
        time.sleep(wish.get("sleep", 0))
        if kind := wish.get("raise"):
            raise RAISES[kind](f"process {kind}")

    def _note_effect(self, exchange):
        self.env["crm.integrations.test.effect"].create(
            {
                "name": exchange.idempotency_key or exchange.remote_id,
                "exchange_id": exchange.id,
            }
        )

    def enqueue_many(self, first, count):
        """Write `count` outgoing messages in one transaction (remote call of tests)."""
        self.ensure_one()
        self.check_access("write")
        for number in range(first, first + count):
            self._enqueue(
                "test.sent",
                json.dumps({"number": number}).encode(),
                idempotency_key=f"key-{number}",
                personal=False,
            )
        return True
