"""A company with a Stripe account at a local stand-in, and its won deal."""

import json
import os
import time
from unittest.mock import patch

import requests
from cryptography.fernet import Fernet

from odoo.tests import TransactionCase, new_test_user

from odoo.addons.crm_billing.lib.signature import sign
from odoo.addons.crm_integrations.tests.common import ExchangeMixin, load_standin

SECRET = "whsec_tests"
CARD = "4242424242424242"
DISPUTED_CARD = "4000000000000259"
POOR_CARD = "4000000000009995"
GOOD_IBAN = "FR1420041010050500013M02606"
BAD_IBAN = "FR8420041010050500013M02607"


class StandinMixin(ExchangeMixin):
    """Starts the stand-in once per class; nothing leaves this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standin = load_standin("stripe").StripeStandin().start()
        cls.addClassCleanup(cls.standin.stop)
        # Events are brought by the tests themselves, in the order they choose.
        cls.standin.state.settings.drop_webhooks = True
        values = {
            "CRM_SECRET_KEY": Fernet.generate_key().decode(),
            "CRM_STANDIN_STRIPE_URL": cls.standin.base_url,
        }
        environ = patch.dict(os.environ, values)
        environ.start()
        cls.addClassCleanup(environ.stop)
        params = cls.env["ir.config_parameter"].sudo()
        params.search([("key", "=", "crm_base.secret_check")]).unlink()

    def setUp(self):
        super().setUp()
        for account in self.standin.state.accounts.values():
            account.clear()
        self.standin.state.faults.clear()
        self.standin.state.requests.clear()
        self.standin.state.now = time.time

    # === What a company has === #

    @classmethod
    def set_up_stripe(cls, company, name):
        """Enter keys on the connection of a company; return the connection."""
        provider = cls.env["payment.provider"].search(
            [("code", "=", "stripe"), ("company_id", "=", company.id)], limit=1
        )
        if not provider:
            main = cls.env.ref("payment.payment_provider_stripe")
            provider = main.copy({"company_id": company.id})
        connection = provider.crm_connection_ids
        # Jobs speak the language of whoever answers for the account.
        cls.env["res.lang"]._activate_lang("en_US")
        connection.responsible_id.lang = "en_US"
        cls.standin.add_account(f"sk_test_{name}", name=company.name)
        connection.write(
            {
                "base_url": cls.standin.base_url,
                "stripe_publishable_key": f"pk_test_{name}",
                "stripe_secret_key": f"sk_test_{name}",
                "stripe_webhook_secret": f"{SECRET}_{name}",
            }
        )
        return connection

    @classmethod
    def make_company(cls, name, currency="EUR", chart="generic_coa"):
        code = cls.env["res.currency"].with_context(active_test=False)
        currency = code.search([("name", "=", currency)])
        currency.active = True
        company = cls.env["res.company"].create(
            {"name": name, "currency_id": currency.id}
        )
        cls.env.user.company_ids |= company
        if chart:
            cls.env["account.chart.template"].try_loading(
                chart, company, install_demo=False
            )
            company.currency_id = currency
        return company

    @classmethod
    def make_deal(cls, company, amount=3600, won=True, **values):
        partner = values.pop("partner", None) or cls.env["res.partner"].create(
            {"name": "Boulangerie Roux", "email": "roux@example.com"}
        )
        lead = cls.env["crm.lead"].create(
            {
                "name": "Site Roux",
                "type": "opportunity",
                "company_id": company.id,
                "partner_id": partner.id,
                "expected_revenue": amount,
                **values,
            }
        )
        if won:
            lead.action_set_won()
        return lead

    # === What Stripe does === #

    def admin(self, name, **values):
        """Call a `/_standin/` route."""
        answer = requests.post(
            f"{self.standin.base_url}/_standin/{name}", json=values, timeout=20
        )
        answer.raise_for_status()
        return answer.json()

    def calls(self, path, method="POST"):
        """What the stand-in was asked on a path."""
        return [
            entry
            for entry in self.standin.state.requests
            if entry["method"] == method and entry["path"] == path
        ]

    def account(self, connection):
        key = connection.payment_provider_id.stripe_secret_key
        return self.standin.state.accounts[key]

    def events(self, connection, kind=None):
        """Events of the account, oldest first."""
        found = self.account(connection).events
        return [event for event in found if kind in (None, event["type"])]

    def deliver(self, connection, event, secret=None, body=None):
        """Bring one event as the webhook route does; return the status."""
        body = body or json.dumps(event).encode()
        secret = secret or connection.payment_provider_id.stripe_webhook_secret
        headers = {"Stripe-Signature": sign(body, secret, int(time.time()))}
        status = connection.sudo()._accept_webhook(body, headers)
        self.run_incoming(connection)
        return status

    def deliver_all(self, connection, kinds=None):
        for event in list(self.events(connection)):
            if kinds is None or event["type"] in kinds:
                self.deliver(connection, event)
        self.run_outgoing(connection)

    def make_link(self, lead, connection):
        """Click, then let the job do the call."""
        lead.action_create_payment_link()
        self.run_outgoing(connection)
        return lead.payment_link_id

    def page_of(self, link):
        return link.sudo().transaction_id

    def pay(self, link, **means):
        page = self.page_of(link)
        return self.admin("pay", session=page.stripe_session_id, **means)


class BillingCase(StandinMixin, TransactionCase):
    """One company in euros with its books, its Stripe account and its deal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.make_company("Nadia Benali")
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.connection = cls.set_up_stripe(cls.company, "nadia")
        cls.seller = new_test_user(
            cls.env,
            "nadia_seller",
            groups="crm_base.crm_base_group_seller",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.lead = cls.make_deal(cls.company, user_id=cls.seller.id)
