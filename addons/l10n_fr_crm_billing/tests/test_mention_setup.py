from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from .mention_common import LUMEN, TODAY, FrenchMentionCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMentionSetup(FrenchMentionCase):
    """A founder fills in one page, and sees what is still missing."""

    def test_founder_completes_the_company(self):
        self.company.write(dict.fromkeys(LUMEN, False) | {"name": "Agence Lumen"})
        boss = self.make_user("boss", "base.group_user,account.group_account_manager")
        self.env = self.env(user=boss)
        action = self.company.with_user(boss).action_open_fr_setup()
        page = Form(self.env["crm.fr.setup"].with_context(**action["context"]))
        self.assertTrue(page.checklist)
        page.street, page.zip, page.city = "18 rue du Mail", "75002", "Paris"
        page.company_registry = "732 829 320 00074"
        page.vat = "FR44732829320"
        page.fr_legal_form = "sas"
        self.assertEqual(page.fr_registry_kind, "rcs")
        page.fr_share_capital = 10000
        setup = page.save()
        again = setup.action_save()
        self.assertEqual(again["res_model"], "crm.fr.setup")  # the town is missing
        codes = {row["code"] for row in setup.checklist if row["level"] == "block"}
        self.assertEqual(codes, {"missing_registry"})
        setup.fr_registry_town = "Paris"
        done = setup.action_save()
        self.assertEqual(done["tag"], "display_notification")
        company = self.company.sudo()
        self.assertEqual(company.company_registry, "73282932000074")
        self.assertEqual(company._get_siren(), "732829320")
        self.assertEqual(company.fr_share_capital, 10000)

    def test_nobody_else_writes_the_company(self):
        seller = self.make_user("seller", "crm_base.crm_base_group_seller")
        with self.assertRaises(AccessError):
            self.env["crm.fr.setup"].with_user(seller).create({"name": "x"})
        boss = self.make_user("boss", "base.group_user,account.group_account_manager")
        other = self.env["res.company"].create({"name": "Voisin"})
        with self.assertRaises(AccessError):
            self.env["crm.fr.setup"].with_user(boss).with_context(
                default_company_id=other.id
            ).default_get(["name", "company_id"])
        setup = (
            self.env["crm.fr.setup"]
            .with_user(boss)
            .create(
                {
                    "name": "Volé",
                    "company_id": self.company.id,
                    "fr_vat_regime": "real",
                    "fr_franchise_activity": "services",
                }
            )
        )
        setup.sudo().company_id = other
        with self.assertRaises(AccessError):
            setup.action_save()

    def test_sole_trader_has_neither_capital_nor_town(self):
        self.company.write(
            {
                "fr_legal_form": "ei",
                "fr_share_capital": 0,
                "fr_registry_kind": "rne",
                "fr_registry_town": False,
            }
        )
        rows = self.company._get_fr_setup_checklist()
        self.assertEqual({row["code"] for row in rows}, {"missing_mediator"})
        self.assertTrue(self.company.fr_is_sole_trader)

    def test_settings_lead_there(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.action_open_fr_setup()["res_model"], "crm.fr.setup")
        self.assertEqual(
            settings.action_open_fr_checks()["res_model"], "crm.compliance.rule"
        )

    def test_company_abroad_has_nothing_to_complete(self):
        self.company.country_id = self.env.ref("base.be")
        self.assertEqual(self.company._get_fr_setup_checklist(), [])

    def test_sole_trader_client_is_a_business(self):
        self.assertFalse(self.consumer._is_business_customer())
        self.consumer.company_registry = "732829320"
        self.assertTrue(self.consumer._is_business_customer())
