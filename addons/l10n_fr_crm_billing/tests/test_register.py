from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.crm_integrations.tests.common import ExchangeMixin, load_standin

from ..providers.register_client import BASE_URL


@tagged("post_install", "-at_install")
class TestRegister(ExchangeMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = load_standin("register").RegisterStandin().start()
        cls.addClassCleanup(cls.register.stop)
        cls.env["ir.config_parameter"].sudo().set_param(
            "crm_integrations.allow_private_register_fr", "True"
        )
        cls.france = cls.env.ref("base.fr")
        cls.user = new_test_user(
            cls.env, "frx_editor", "base.group_user,base.group_partner_manager"
        )
        Connection = cls.env["crm.connection"]
        cls.connection = Connection._get_register_connection(cls.env.company)
        cls.connection.base_url = cls.register.base_url

    def setUp(self):
        super().setUp()
        self.register.fault = "none"
        self.register.requests.clear()

    def partner(self, **values):
        return (
            self.env["res.partner"]
            .with_user(self.user)
            .create({"name": "Lumen", "is_company": True, **values})
        )

    def ask(self, partner):
        action = partner.with_user(self.user).action_register_lookup()
        lookup = self.env[action["res_model"]].with_user(self.user)
        lookup = lookup.browse(action["res_id"])
        if lookup.state == "asking":
            self.run_outgoing(self.connection)
        return lookup

    def changes(self, lookup):
        return {row.field_name: row.proposed_value for row in lookup.change_ids}

    def test_nothing_leaves_before_the_job_and_nothing_is_written_before_the_click(
        self,
    ):
        partner = self.partner(company_registry="73282932000074")
        action = partner.action_register_lookup()
        lookup = self.env["crm.register.lookup"].browse(action["res_id"])
        self.assertEqual(lookup.state, "asking")
        self.assertFalse(self.register.requests)
        self.run_outgoing(self.connection)
        self.assertEqual(lookup.state, "compare")
        self.assertEqual(
            self.register.requests,
            [("/search", "73282932000074", "crm-suite (fiche client)")],
        )
        self.assertEqual(partner.name, "Lumen")
        self.assertFalse(partner.street)

    def test_the_differences_are_written_on_demand(self):
        partner = self.partner(company_registry="732829320", zip="75001")
        lookup = self.ask(partner)
        self.assertEqual(
            self.changes(lookup),
            {
                "name": "AGENCE LUMEN",
                "street": "12 RUE DES TANNEURS",
                "zip": "69007",
                "city": "LYON",
                "company_registry": "73282932000074",
                "vat": "FR44732829320",
                "fr_legal_form": "SAS",
                "fr_activity_code": "62.01Z",
                "country_id": "France",
            },
        )
        lookup.change_ids.filtered(
            lambda row: row.field_name == "zip"
        ).is_applied = False
        lookup.action_apply()
        self.assertEqual(partner.name, "AGENCE LUMEN")
        self.assertEqual(partner.company_registry, "73282932000074")
        self.assertEqual(partner.vat, "FR44732829320")
        self.assertEqual(partner.country_id, self.france)
        self.assertEqual(partner.zip, "75001")
        self.assertEqual(partner.fr_legal_form, "SAS")
        self.assertTrue(partner.fr_register_checked_on)
        self.assertIn("732829320", partner.message_ids[0].body)
        again = self.ask(partner)
        self.assertEqual(list(self.changes(again)), ["zip"])

    def test_a_vat_number_nobody_published_says_so(self):
        partner = self.partner(company_registry="443061841")
        lookup = self.ask(partner)
        self.assertEqual(self.changes(lookup)["vat"], "FR64443061841")
        self.assertIn("VIES", lookup.message)

    def test_several_companies_are_offered_by_name(self):
        partner = self.partner(name="lumen")
        lookup = self.ask(partner)
        self.assertEqual(lookup.state, "choose")
        self.assertEqual(lookup.hit_ids.mapped("siren"), ["732829320", "552032534"])
        lookup.hit_ids[0].action_choose()
        self.assertEqual(lookup.state, "compare")
        self.assertEqual(self.changes(lookup)["company_registry"], "73282932000074")

    def test_a_closed_company_is_announced_and_remembered(self):
        partner = self.partner(company_registry="552032534", country_id=self.france.id)
        lookup = self.ask(partner)
        self.assertIn("closed", lookup.closed_message)
        lookup.action_apply()
        self.assertTrue(partner.fr_is_closed)
        self.assertEqual(str(partner.fr_closed_on), "2024-06-30")

    def test_every_trouble_leaves_a_sentence_and_the_contact_as_it_was(self):
        for fault, words in (
            ("down", "does not answer"),
            ("cut", "does not answer"),
            ("busy", "3 seconds"),
            ("garbage", "cannot be read"),
            ("wrong", "cannot be read"),
        ):
            with self.subTest(fault=fault):
                self.register.fault = fault
                partner = self.partner(company_registry="732829320")
                lookup = self.ask(partner)
                self.assertEqual(lookup.state, "trouble")
                self.assertIn(words, lookup.message)
                self.assertIn("by hand", lookup.message)
                partner.write({"street": "typed by hand"})
        self.register.fault = "none"
        lookup.action_ask()
        self.run_outgoing(self.connection)
        self.assertEqual(lookup.state, "compare")

    def test_a_slow_register_is_given_up(self):
        client = "odoo.addons.l10n_fr_crm_billing.models.crm_connection_register"
        reply = (
            '{"state": "unavailable", "data": null, "delay_seconds": 0, "cause": "t"}'
        )
        with patch(f"{client}._ask") as ask:
            from odoo.addons.crm_integrations.lib.exchange import CallResult

            ask.return_value = CallResult(status=200, body=reply.encode())
            lookup = self.ask(self.partner(company_registry="732829320"))
        self.assertEqual(lookup.state, "trouble")

    def test_an_unpublished_address_is_not_written(self):
        self.register.fault = "hidden"
        lookup = self.ask(self.partner(company_registry="732829320"))
        self.assertNotIn("[ND]", str(self.changes(lookup)))

    def test_a_wrong_number_is_not_sent(self):
        partner = self.partner(name="ab")
        lookup = self.ask(partner)
        self.assertEqual(lookup.state, "trouble")
        self.assertIn("SIREN of 9 digits", lookup.message)
        self.assertFalse(self.register.requests)

    def test_unknown_company(self):
        lookup = self.ask(self.partner(name="Personne Inconnue"))
        self.assertEqual(lookup.state, "none")
        self.assertIn("knows no company", lookup.message)

    def test_who_may_not_edit_contacts_may_not_ask(self):
        partner = self.partner()
        reader = new_test_user(self.env, "frx_reader", "base.group_user")
        portal = new_test_user(self.env, "frx_portal", "base.group_portal")
        for user in (reader, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                partner.with_user(user).action_register_lookup()
        other = new_test_user(
            self.env, "frx_other", "base.group_user,base.group_partner_manager"
        )
        lookup = self.ask(partner)
        with self.assertRaises(AccessError):
            lookup.with_user(other).read(["query"])

    def test_the_connection_has_a_test(self):
        self.connection.base_url = self.register.base_url
        company = load_standin("register").company("356000000", "LA POSTE")
        self.register.directory.append(company)
        self.run_check(self.connection)
        self.assertEqual(self.connection.state, "ok")
        self.assertIn("LA POSTE", self.connection.check_report)

    def test_a_connection_without_address_asks_the_public_register(self):
        self.connection.base_url = False
        client = self.connection._get_client()
        self.assertEqual(client._http.base_url, BASE_URL)

    def test_an_invoicing_address_follows_the_directory(self):
        partner = self.partner(company_registry="732829320", country_id=self.france.id)
        partner.fr_einvoice_address = "732829320_ACHATS"
        self.assertEqual(partner._get_facturx_endpoint(), ("732829320_ACHATS", "0225"))
        for address in ("443061841", "732829320 ACHATS", "é732829320"):
            with self.subTest(address=address), self.assertRaises(ValidationError):
                partner.fr_einvoice_address = address
