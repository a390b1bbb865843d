from odoo.tests import TransactionCase, tagged

from ..hooks import post_init_hook


@tagged("post_install", "-at_install")
class TestFrenchDatabase(TransactionCase):
    """What the first person to open a new database finds."""

    def setUp(self):
        super().setUp()
        self.company = self.env.ref("base.main_company")
        # What the hook asks of the registry must not outlive the test.
        self.addCleanup(self.registry.__dict__.pop, "_auto_install_template", None)

    def test_company_is_french_with_french_accounts_in_euros(self):
        self.assertEqual(self.company.country_id.code, "FR")
        self.assertEqual(self.company.currency_id.name, "EUR")
        self.assertEqual(self.company.chart_template, "fr")
        vat = self.company.account_sale_tax_id
        self.assertEqual(vat.amount, 20)

    def test_administrator_works_in_french(self):
        admin = self.env.ref("base.user_admin")
        self.assertEqual((admin.lang, admin.tz), ("fr_FR", "Europe/Paris"))
        action = self.env.ref("crm.crm_lead_action_pipeline").with_user(admin)
        label = self.env["crm.lead"].with_context(lang=admin.lang)
        self.assertEqual(
            label.fields_get(["expected_revenue"])["expected_revenue"]["string"],
            "Revenu attendu",
        )
        self.assertTrue(action)

    def test_people_created_later_are_french_too(self):
        user = self.env["res.users"].create({"name": "Paul Renard", "login": "paul"})
        self.assertEqual((user.lang, user.tz), ("fr_FR", "Europe/Paris"))

    def test_every_addon_of_the_suite_is_there(self):
        names = {"crm_base", "crm_integrations", "crm_billing"}
        modules = self.env["ir.module.module"].search([("name", "in", list(names))])
        self.assertEqual(set(modules.mapped("state")), {"installed"})
        self.assertEqual(set(modules.mapped("name")), names)

    def test_accounts_somebody_chose_are_left_alone(self):
        self.company.chart_template = "be_comp"
        post_init_hook(self.env)
        self.assertNotIn("_auto_install_template", self.registry.__dict__)

    def test_a_company_with_entries_is_left_alone(self):
        self.company.chart_template = "generic_coa"
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "general")], limit=1
        )
        account = self.env["account.account"].search([], limit=1)
        self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "line_ids": [
                    (0, 0, {"account_id": account.id, "debit": 1}),
                    (0, 0, {"account_id": account.id, "credit": 1}),
                ],
            }
        )
        post_init_hook(self.env)
        self.assertNotIn("_auto_install_template", self.registry.__dict__)

    def test_an_undecided_company_gets_the_french_accounts(self):
        company = self.env["res.company"].with_context(chart_template_load=True)
        company = company.create({"name": "Neuve"})
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "base.main_company", "record": company}]
        )
        post_init_hook(self.env)
        self.registry._auto_install_template(self.env)
        self.assertEqual(company.chart_template, "fr")
        self.assertEqual(company.country_id.code, "FR")
        self.assertEqual(company.currency_id.name, "EUR")
