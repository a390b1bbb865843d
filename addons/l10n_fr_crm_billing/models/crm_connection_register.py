import json
import logging
import os
from functools import partial

from odoo import api, fields, models

from odoo.addons.crm_integrations.lib.exchange import CallResult, CheckResult

from ..lib.register_answer import (
    AnswerError,
    clean_query,
    is_askable,
    read_answer,
)
from ..providers.register_client import BASE_URL, MALFORMED, OK, RegisterClient

_logger = logging.getLogger(__name__)

PROVIDER = "register_fr"
CHECK_QUERY = "356000000"  # La Poste: always there
# A developer's server may call a stand-in on its own network.
STANDIN_VARIABLE = "CRM_STANDIN_REGISTER_FR_URL"


def _ask(client, query):
    return CallResult(status=200, body=client.ask(query).to_json())


def _check(client):
    data = client.search(CHECK_QUERY, limit=1)
    names = [row.get("nom_complet") or "?" for row in data.get("results") or ()]
    return CheckResult("The register answers.", tuple(names))


class CrmConnection(models.Model):
    """The public register of French companies: open, without any key."""

    _inherit = "crm.connection"

    provider = fields.Selection(
        selection_add=[(PROVIDER, "Company register (France)")],
        ondelete={PROVIDER: "cascade"},
    )

    @api.model
    def _get_capabilities(self):
        return {**super()._get_capabilities(), PROVIDER: frozenset({"test"})}

    @api.model
    def _get_register_connection(self, company):
        """Return the connection of a company, made at the first question."""
        connections = self.sudo()  # nobody needs a right on connections to ask
        domain = [("provider", "=", PROVIDER), ("company_id", "=", company.id)]
        connection = connections.search(domain, limit=1)
        return connection or connections.create(
            {
                "name": self.env._("Company register"),
                "provider": PROVIDER,
                "company_id": company.id,
                "environment": "live",
                "base_url": os.environ.get(STANDIN_VARIABLE) or BASE_URL,
                "responsible_id": False,
            }
        )

    @api.model
    def _clean_register_query(self, text):
        """Return what to ask: bare digits of a number, else the words."""
        return clean_query(text)

    @api.model
    def _is_register_askable(self, query):
        return is_askable(query)

    @api.model
    def _read_register_reply(self, body, query):
        """Return (state, seconds to wait, companies); not ``ok`` means a trouble.

        :param body: what ``_prepare_call_register_fr`` brought
        :param query: what was asked
        """
        reply = json.loads(body)
        if reply["state"] != OK:
            _logger.info("Company register: %s", reply["cause"])
            return reply["state"], reply["delay_seconds"], []
        try:
            return OK, 0, read_answer(reply["data"], query)
        except AnswerError as error:
            _logger.info("Company register: %s", error)
            return MALFORMED, 0, []

    def _get_client_register_fr(self):
        self.ensure_one()
        base_url = self.base_url or BASE_URL
        is_private_allowed = self._is_private_allowed(base_url)
        return RegisterClient(base_url, guard_private=not is_private_allowed)

    def _prepare_call_register_fr(self, exchange):
        lookup = self.env["crm.register.lookup"].browse(exchange.res_id).exists()
        query = lookup.query if lookup else CHECK_QUERY
        return partial(_ask, self._get_client_register_fr(), query)

    def _apply_result_register_fr(self, exchange, result):
        lookup = self.env["crm.register.lookup"].browse(exchange.res_id).exists()
        if lookup and lookup.exchange_id == exchange:
            lookup._receive_reply(result.body)

    def _on_exchange_failed_register_fr(self, exchange, trouble):
        lookup = self.env["crm.register.lookup"].browse(exchange.res_id).exists()
        if lookup and lookup.exchange_id == exchange:
            lookup._receive_trouble("unavailable")

    def _prepare_check_register_fr(self, dry_run):
        return partial(_check, self._get_client_register_fr())
