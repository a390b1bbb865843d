import logging
import os

from odoo import models

_logger = logging.getLogger(__name__)

STANDIN_VARIABLE = "CRM_STANDIN_STRIPE_URL"
STANDIN_PARAMETER = "crm_demo.standin_stripe_url"
# Nothing listens there: without a stand-in no call leaves this machine.
NOWHERE = "http://127.0.0.1:9"
# Public toy values, in the order in which the launcher gives accounts to companies.
ACCOUNTS = {
    "lumen": ("pk_test_standin", "sk_test_standin"),
    "nadia": ("pk_test_standin_2", "sk_test_standin_2"),
}
WEBHOOK_SECRET = "whsec_standin"  # noqa: S105 - a public toy value
RESPONSIBLES = {"lumen": "thomas", "nadia": "nadia"}


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _is_ready(self, chapter):
        if chapter in {"stripe", "payment_link"}:
            secret = self.env["crm.secret"]
            if secret._status() != "ok":
                _logger.info("Demo chapter %s put off: no encryption key", chapter)
                return False
        return super()._is_ready(chapter)

    def _tell_stripe(self):
        """Connect each company to an account of its own at the stand-in."""
        url = self._set_parameter(STANDIN_PARAMETER, self._get_standin_url() or NOWHERE)
        for key, (publishable_key, secret_key) in ACCOUNTS.items():
            company = self._recall("company", key)
            connection = self._find_demo_connections(company).with_company(company)
            connection.write(
                {
                    "name": self.env._("Stripe - %(company)s", company=company.name),
                    "base_url": url,
                    "stripe_publishable_key": publishable_key,
                    "stripe_secret_key": secret_key,
                    "stripe_webhook_secret": WEBHOOK_SECRET,
                    "responsible_id": self._recall_id("user", RESPONSIBLES[key]),
                }
            )
            self._remember("connection", [key], connection)
        lumen = self._recall("company", "lumen")
        chart = self.env["account.chart.template"].with_company(lumen)
        # An agency quotes without VAT and is paid with it; the freelance has none.
        lumen.write(
            {
                "payment_link_amount_mode": "plus_tax",
                "payment_link_tax_id": chart.ref("tva_normale_encaissement").id,
            }
        )

    def _find_demo_connections(self, company):
        return self.env["crm.connection"].search(
            [("provider", "=", "stripe"), ("company_id", "=", company.id)], limit=1
        )

    def _get_standin_url(self) -> str:
        return os.environ.get(STANDIN_VARIABLE, "").rstrip("/")

    def _get_environment_changes(self):
        """Follow the stand-in when it has moved; a real account is left alone."""
        changes = super()._get_environment_changes()
        url, known = self._get_standin_url(), self._get_parameter(STANDIN_PARAMETER)
        if not url or not known or url == known:
            return changes
        connections = (
            self.env["crm.connection"]
            .sudo()
            .search([("provider", "=", "stripe"), ("base_url", "=", known)])
        )
        parameter = (
            self.env["ir.config_parameter"]
            .sudo()
            .search([("key", "=", STANDIN_PARAMETER)])
        )
        return [
            *changes,
            *((connection, {"base_url": url}) for connection in connections),
            (parameter, {"value": url}),
        ]
