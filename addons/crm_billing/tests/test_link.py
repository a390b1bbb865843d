from datetime import timedelta

from odoo import fields
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common import CARD, BillingCase


@tagged("post_install", "-at_install")
class TestLink(BillingCase):
    """AT-12 without a browser: from the click to the euro."""

    def test_whole_journey_of_a_won_deal(self):
        lead = self.lead.with_user(self.seller)
        lead.action_create_payment_link()
        self.assertEqual(lead.payment_link_state, "creating")
        self.assertFalse(self.standin.state.requests, "the click calls nobody")

        self.run_outgoing(self.connection)
        calls = self.calls("/v1/checkout/sessions")
        self.assertEqual(len(calls), 1)
        params = calls[0]["params"]
        price = params["line_items"][0]["price_data"]
        self.assertEqual(price["unit_amount"], "360000")
        self.assertEqual(price["currency"], "eur")
        self.assertEqual(params["metadata"]["document"], f"crm.lead,{lead.id}")
        self.assertEqual(params["metadata"]["client_name"], "Boulangerie Roux")
        self.assertEqual(params["customer_email"], "roux@example.com")
        self.assertTrue(params["client_reference_id"])
        self.assertTrue(calls[0]["idempotency_key"])
        self.assertEqual(calls[0]["version"], "2026-06-24.dahlia")
        self.assertEqual(lead.payment_link_state, "waiting")
        self.assertIn("/pay/", lead.payment_link_url)

        self.pay(lead.payment_link_id, card=CARD)
        self.deliver_all(self.connection)
        self.assertEqual(lead.payment_link_state, "paid")
        self.assertEqual(lead.payment_link_received, 3600)
        # Days are those of whoever answers for the account.
        zone = self.connection.responsible_id.tz or "Europe/Paris"
        there = lead.with_context(tz=zone)
        self.assertEqual(lead.payment_link_date_paid, fields.Date.context_today(there))
        page = self.page_of(lead.payment_link_id)
        self.assertEqual(page.state, "done")
        self.assertEqual(page.amount, 3600)
        self.assertTrue(page.provider_reference.startswith("pi_"))

    def test_button_is_refused_before_the_deal_is_won(self):
        lead = self.make_deal(self.company, won=False)
        with self.assertRaisesRegex(UserError, "once the deal is won"):
            lead.action_create_payment_link()

    def test_zero_amount_missing_client_and_tiny_amount_are_refused(self):
        with self.assertRaisesRegex(UserError, "amount is zero"):
            self.make_deal(self.company, amount=0).action_create_payment_link()
        lead = self.make_deal(self.company)
        lead.partner_id = False
        with self.assertRaisesRegex(UserError, "Choose the customer"):
            lead.action_create_payment_link()
        with self.assertRaisesRegex(UserError, "at least"):
            self.make_deal(self.company, amount=0.3).action_create_payment_link()
        with self.assertRaisesRegex(UserError, "at most"):
            self.make_deal(self.company, amount=2e6).action_create_payment_link()
        self.assertFalse(self.standin.state.requests)

    def test_without_keys_the_seller_is_told_whom_to_ask(self):
        self.connection.stripe_secret_key = False
        with self.assertRaisesRegex(UserError, "CRM administrator") as caught:
            self.lead.with_user(self.seller).action_create_payment_link()
        self.assertNotIsInstance(caught.exception, RedirectWarning)
        chief = new_test_user(
            self.env,
            "chief",
            groups="crm_base.crm_base_group_admin",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(RedirectWarning):
            self.lead.with_user(chief).action_create_payment_link()

    def test_two_clicks_make_one_link(self):
        lead = self.lead.with_user(self.seller)
        lead.action_create_payment_link()
        first = lead.payment_link_id
        lead.action_create_payment_link()
        self.run_outgoing(self.connection)
        lead.action_create_payment_link()
        self.run_outgoing(self.connection)
        self.assertEqual(lead.payment_link_id, first)
        self.assertEqual(len(self.calls("/v1/checkout/sessions")), 1)

    def test_vat_is_added_once_and_rounded_by_the_currency(self):
        tax = self.env["account.tax"].create(
            {
                "name": "TVA 20",
                "amount": 20,
                "type_tax_use": "sale",
                "company_id": self.company.id,
            }
        )
        self.company.write(
            {"payment_link_amount_mode": "plus_tax", "payment_link_tax_id": tax.id}
        )
        lead = self.make_deal(self.company, amount=33.33)
        link = self.make_link(lead, self.connection)
        self.assertEqual(link.amount, 40.0)
        price = self.calls("/v1/checkout/sessions")[0]["params"]["line_items"][0]
        self.assertEqual(price["price_data"]["unit_amount"], "4000")

    def test_options_choose_amount_words_and_validity(self):
        lead = self.lead.with_user(self.seller)
        action = lead.action_payment_link_options()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.seller)
            .with_context(**action["context"])
        )
        self.assertEqual(wizard.amount, 3600)
        wizard.description = "Acompte site Roux"
        wizard.validity_days = 5
        wizard.save().action_create_link()
        self.run_outgoing(self.connection)
        link = lead.payment_link_id
        self.assertEqual(link.description, "Acompte site Roux")
        validity = link.expires_at - fields.Datetime.now()
        self.assertAlmostEqual(validity.total_seconds() / 86400, 5, places=2)

    def test_revenue_edited_while_the_link_waits_is_warned_about(self):
        self.make_link(self.lead, self.connection)
        self.assertFalse(self.lead.payment_link_warning)
        with Form(self.lead.with_user(self.seller)) as form:
            form.expected_revenue = 4200
            self.assertIn("still asks for", form.payment_link_warning)
        self.lead.with_user(self.seller).action_cancel_payment_link()
        self.assertFalse(self.lead.payment_link_warning)
        link = self.make_link(self.lead, self.connection)
        self.assertEqual(link.amount, 4200)
        self.assertFalse(self.lead.payment_link_warning)

    def test_chatter_tells_each_step_once(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        self.deliver_all(self.connection)
        self.deliver_all(self.connection)
        bodies = self.lead.message_ids.mapped("body")
        self.assertEqual(len([b for b in bodies if "ready" in b]), 1)
        self.assertEqual(len([b for b in bodies if "received" in b]), 1)

    def test_canceled_link_is_closed_at_stripe_and_can_be_made_again(self):
        link = self.make_link(self.lead, self.connection)
        session_id = self.page_of(link).stripe_session_id
        self.lead.with_user(self.seller).action_cancel_payment_link()
        self.assertEqual(self.lead.payment_link_state, "canceled")
        self.run_outgoing(self.connection)
        session = self.account(self.connection).get("checkout.session", session_id)
        self.assertEqual(session["status"], "expired")
        again = self.make_link(self.lead, self.connection)
        self.assertNotEqual(again, link)
        self.assertEqual(again.state, "waiting")
        self.assertEqual(self.lead.payment_link_count, 2)

    def test_link_canceled_while_stripe_opens_its_page(self):
        self.lead.action_create_payment_link()
        self.lead.action_cancel_payment_link()
        self.run_outgoing(self.connection)
        self.run_outgoing(self.connection)
        session = self.account(self.connection).all("checkout.session")[0]
        self.assertEqual(session["status"], "expired")
        self.assertEqual(self.lead.payment_link_state, "canceled")

    def test_client_who_pays_while_we_cancel_has_paid(self):
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        self.lead.action_cancel_payment_link()
        self.run_outgoing(self.connection)
        self.run_outgoing(self.connection)
        self.assertEqual(self.lead.payment_link_state, "paid")

    def test_link_expires_and_is_regenerated(self):
        link = self.make_link(self.lead, self.connection)
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            self.env["crm.payment.link"].search([])._check_waiting(
                fields.Datetime.now()
            )
            self.assertEqual(self.lead.payment_link_state, "expired")
        again = self.make_link(self.lead, self.connection)
        self.assertNotEqual(again.url, link.url)
        self.assertEqual(self.lead.payment_link_state, "waiting")

    def test_days_from_won_to_paid_average_over_paid_deals_only(self):
        link = self.make_link(self.lead, self.connection)
        self.lead.date_closed = fields.Datetime.now() - timedelta(days=3)
        self.pay(link)
        self.deliver_all(self.connection)
        self.make_deal(self.company)
        self.assertAlmostEqual(self.lead.payment_link_days, 3, places=1)
        [[average]] = self.env["crm.lead"]._read_group(
            [("company_id", "=", self.company.id)], [], ["payment_link_days:avg"]
        )
        self.assertAlmostEqual(average, 3, places=1)

    def test_mail_opens_with_the_link(self):
        link = self.make_link(self.lead, self.connection)
        action = self.lead.with_user(self.seller).action_send_payment_link()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.seller)
            .with_context(**action["context"])
            .create({})
        )
        self.assertIn(link.url, composer.body)
        self.assertEqual(composer.partner_ids, self.lead.partner_id)

    def test_seams_for_other_addons_are_called(self):
        seen = []

        def emit(hook, name, record, payload):
            seen.append((name, record, payload["amount"]))

        self.patch(type(self.env["crm.hook"]), "_emit_event", emit)
        link = self.make_link(self.lead, self.connection)
        self.pay(link)
        self.deliver_all(self.connection)
        self.assertEqual(
            seen,
            [
                ("deal.payment_link_created", self.lead, 3600),
                ("deal.paid", self.lead, 3600),
            ],
        )
