from odoo.exceptions import AccessDenied, AccessError
from odoo.tests import tagged

from .common import StoryCase


@tagged("post_install", "-at_install")
class TestUsers(StoryCase):
    """Each role of the suite has somebody, who sees what the role may see."""

    def test_everybody_works_in_french_and_in_paris(self):
        for row in self.demo._read_table("users"):
            user = self.env["res.users"].search([("login", "=", row["login"])])
            self.assertEqual(user.name, row["name"])
            self.assertEqual((user.lang, user.tz), ("fr_FR", "Europe/Paris"))
            self.assertEqual(user.company_id.name, row["company"])

    def test_each_role_has_its_group(self):
        for role, login in (
            ("admin", "sophie"),
            ("admin", "thomas"),
            ("admin", "catherine"),
            ("admin", "nadia"),
            ("seller", "lucas"),
            ("seller", "marie"),
            ("nocode", "julie"),
            ("automation", "alexandre"),
        ):
            user = self.recall("user", login)
            self.assertTrue(user.has_group(f"crm_base.crm_base_group_{role}"), login)
        self.assertFalse(
            self.recall("user", "lucas").has_group("crm_base.crm_base_group_admin")
        )

    def test_client_is_a_portal_user_of_her_firm(self):
        user = self.recall("user", "marie_leblanc")
        self.assertTrue(user.share)
        self.assertTrue(user.has_group("base.group_portal"))
        self.assertEqual(user.commercial_partner_id.name, "Océane Cosmétiques SARL")

    def test_client_sees_her_project_and_invoices_only(self):
        client = self.recall("user", "marie_leblanc")
        projects = self.env["project.project"].with_user(client).search([])
        self.assertEqual(projects, self.recall("project", "oceane").with_user(client))
        tasks = self.env["project.task"].with_user(client).search([])
        self.assertEqual(len(tasks), 20)
        self.assertFalse(tasks.has_access("write"))
        moves = self.env["account.move"].with_user(client).search([])
        self.assertTrue(moves)
        self.assertEqual(
            moves.commercial_partner_id, client.commercial_partner_id.with_user(client)
        )
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(client).search([])

    def test_seller_sees_own_deals_and_director_all(self):
        lucas = self.recall("user", "lucas")
        deals = self.env["crm.lead"].with_user(lucas).search([])
        self.assertTrue(deals)
        self.assertEqual(deals.user_id, lucas)
        sophie = self.recall("user", "sophie")
        owners = self.env["crm.lead"].with_user(sophie).search([]).user_id
        self.assertEqual(set(owners.mapped("login")), {"sophie", "lucas", "marie"})

    def test_freelance_and_agency_do_not_see_each_other(self):
        nadia = self.recall("user", "nadia")
        deals = (
            self.env["crm.lead"]
            .with_user(nadia)
            .with_context(active_test=False)
            .search([])
        )
        self.assertEqual(deals.company_id, self.nadia)
        self.assertEqual(len(deals), 9)
        sophie = self.recall("user", "sophie")
        seen = self.env["crm.lead"].with_user(sophie).search([])
        self.assertEqual(seen.company_id, self.lumen)
        partner = self.recall("client", "roux")
        self.assertFalse(
            self.env["res.partner"].with_user(sophie).search([("id", "=", partner.id)])
        )

    def test_passwords_of_the_table_are_those_of_the_users(self):
        for row in self.demo._read_table("users"):
            if row["role"] == "system":
                # The administrator keeps the password chosen at installation.
                continue
            user = self.env["res.users"].search([("login", "=", row["login"])])
            self.check_password(user, row["password"])
            with self.assertRaises(AccessDenied):
                self.check_password(user, f"{row['password']}x")

    def check_password(self, user, password):
        credential = {"login": user.login, "password": password, "type": "password"}
        user.with_user(user)._check_credentials(credential, {"interactive": True})
