from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import DocusignCase

SECRETS = (
    "docusign_integration_key",
    "docusign_user_guid",
    "docusign_private_key",
    "webhook_key",
    "docusign_consent_url",
)


@tagged("post_install", "-at_install")
class TestAccess(DocusignCase):
    """Sellers send with an account they cannot look into."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin_user = new_test_user(
            cls.env,
            "sign_admin",
            groups="crm_base.crm_base_group_admin",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.automation = new_test_user(
            cls.env,
            "sign_automation",
            groups="crm_base.crm_base_group_automation",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        elsewhere = cls.env["res.company"].create({"name": "Ailleurs"})
        cls.stranger = new_test_user(
            cls.env,
            "sign_stranger",
            groups="crm_base.crm_base_group_admin",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        cls.portal = new_test_user(cls.env, "sign_portal", groups="base.group_portal")

    def test_the_seller_chooses_the_service_by_its_name(self):
        request = self.make_request().with_user(self.seller)
        choices = dict(request.fields_get(["service"])["service"]["selection"])
        self.assertEqual(choices[str(self.connection.id)], "DocuSign")
        request.service = str(self.connection.id)
        request.action_send()
        self.run_outgoing(self.connection)
        self.assertEqual(self.envelope(request)["status"], "sent")

    def test_only_admins_read_the_settings(self):
        for user in (self.automation, self.seller, self.portal, self.stranger):
            connection = self.connection.with_user(user)
            for name in SECRETS:
                with self.subTest(user=user.login, name=name):
                    self.assertRaises(AccessError, connection.read, [name])
        values = self.connection.with_user(self.admin_user).read(list(SECRETS))[0]
        self.assertEqual(values["docusign_private_key"], "********")

    def test_only_admins_open_the_consent_page(self):
        for user in (self.automation, self.seller, self.portal, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.connection.with_user(user).action_docusign_consent()

    def test_another_company_sends_with_its_own_account_only(self):
        request = self.make_request().with_user(self.stranger)
        self.assertRaises(AccessError, request.read, ["name"])
        choices = self.env["crm.sign.request"].with_user(self.stranger)
        choices = choices.with_context(allowed_company_ids=self.stranger.company_id.ids)
        known = dict(choices.fields_get(["service"])["service"]["selection"])
        self.assertNotIn(str(self.connection.id), known)
