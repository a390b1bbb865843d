from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestAccess(BillingCase):
    """Who may do what; the answer for everybody else is no."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        here = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.admin_user = new_test_user(
            cls.env, "b_admin", groups="crm_base.crm_base_group_admin", **here
        )
        cls.colleague = new_test_user(
            cls.env, "b_colleague", groups="crm_base.crm_base_group_seller", **here
        )
        cls.automation = new_test_user(
            cls.env, "b_auto", groups="crm_base.crm_base_group_automation", **here
        )
        cls.portal = new_test_user(
            cls.env, "b_portal", groups="base.group_portal", **here
        )
        cls.stranger = new_test_user(
            cls.env, "b_stranger", groups="crm_base.crm_base_group_seller"
        )

    def setUp(self):
        super().setUp()
        self.link = self.make_link(self.lead, self.connection)

    def test_seller_makes_and_sees_links_of_own_deals(self):
        link = self.link.with_user(self.seller)
        self.assertEqual(link.state, "waiting")
        self.assertIn("/pay/", link.url)
        self.lead.with_user(self.seller).action_cancel_payment_link()
        self.assertEqual(self.lead.payment_link_state, "canceled")

    def test_nobody_writes_links_directly(self):
        for user in (self.seller, self.admin_user, self.automation, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.link.with_user(user).write({"state": "paid"})
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.link.with_user(user).unlink()

    def test_colleague_stranger_and_client_see_nothing(self):
        links = self.env["crm.payment.link"]
        self.assertFalse(links.with_user(self.colleague).search([]))
        self.assertFalse(links.with_user(self.stranger).search([]))
        for user in (self.portal, self.automation):
            with self.assertRaises(AccessError):
                links.with_user(user).search([])
        with self.assertRaises(AccessError):
            self.lead.with_user(self.colleague).action_create_payment_link()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.portal).action_cancel_payment_link()

    def test_admin_sees_all_links_of_the_company(self):
        links = self.env["crm.payment.link"].with_user(self.admin_user)
        self.assertIn(self.link.id, links.search([]).ids)

    def test_only_admins_touch_keys(self):
        for user in (self.seller, self.automation, self.portal):
            connection = self.connection.with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                connection.read(["stripe_secret_key"])
            with self.subTest(user.login), self.assertRaises(AccessError):
                connection.write({"stripe_secret_key": "sk_test_x"})
        connection = self.connection.with_user(self.admin_user)
        connection.write({"stripe_secret_key": "sk_test_admin"})
        provider = self.connection.payment_provider_id
        self.assertEqual(provider.stripe_secret_key, "sk_test_admin")
        self.assertEqual(connection.webhook_url[:4], "http")

    def test_admins_enter_the_keys_of_a_new_account_at_once(self):
        """As the form saves them: all fields of the screen together."""
        keys = {
            "stripe_publishable_key": "pk_test_new",
            "stripe_secret_key": "sk_test_new",
            "stripe_webhook_secret": "whsec_new",
        }
        values = {"name": "New", "provider": "stripe", "company_id": self.company.id}
        made = self.env["crm.connection"].with_user(self.admin_user)
        connection = made.create({**values, **keys})
        provider = connection.sudo().payment_provider_id
        self.assertEqual({name: provider[name] for name in keys}, keys)
        self.assertEqual(provider.state, "test")
        with self.assertRaises(AccessError):
            made.with_user(self.seller).create({**values, **keys})

    def test_token_of_a_link_is_for_the_server(self):
        for user in (self.seller, self.admin_user):
            with self.assertRaises(AccessError):
                self.link.with_user(user).read(["token"])
            with self.assertRaises(AccessError):
                self.link.with_user(user).read(["token_digest"])

    def test_wizard_takes_only_documents_that_can_be_paid(self):
        wizards = self.env["crm.payment.link.wizard"].with_user(self.seller)
        with self.assertRaisesRegex(Exception, "cannot be paid"):
            wizards.create(
                {"res_model": "res.users", "res_id": 2, "amount_mode": "as_is"}
            ).action_create_link()

    def test_bus_channel_is_for_readers_of_the_deal(self):
        websocket = self.env["ir.websocket"]
        name = f"crm_payment_link:crm.lead:{self.lead.id}"
        seller = websocket.with_user(self.seller)
        self.assertEqual(seller._find_payment_document(name), [self.lead])
        for user in (self.colleague, self.stranger, self.portal):
            found = websocket.with_user(user)._find_payment_document(name)
            self.assertFalse(found, user.login)
        for text in ("crm_payment_link:res.users:2", "crm_payment_link:x", "a:b:c"):
            self.assertFalse(seller._find_payment_document(text))


@tagged("post_install", "-at_install")
class TestPublicAccess(BillingCase, HttpCase):
    def test_visitor_reaches_nothing_but_the_page_of_a_token(self):
        link = self.make_link(self.lead, self.connection)
        self.env.flush_all()
        self.assertEqual(self.url_open(f"/pay/{link.sudo().token}").status_code, 200)
        for path in (f"/pay/{link.id}", "/pay/%00", f"/pay/x?n={'9' * 5000}"):
            self.assertEqual(self.url_open(path).status_code, 404, path[:20])
        answer = self.url_open(f"/odoo/payment-links/{link.id}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303, "to the login page")
