from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import YousignCase

SECRET_FIELDS = ("yousign_api_key", "webhook_key", "webhook_url")


@tagged("post_install", "-at_install")
class TestRights(YousignCase):
    def make_user(self, role, company=None):
        company = company or self.company
        return new_test_user(
            self.env,
            f"yousign_{role.rsplit('_', 1)[-1]}_{company.id}",
            groups=role,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    def test_only_admins_read_the_doors_of_an_account(self):
        admin = self.make_user("crm_base.crm_base_group_admin")
        self.connection.with_user(admin).read(SECRET_FIELDS)
        automation = self.make_user("crm_base.crm_base_group_automation")
        for name in SECRET_FIELDS:
            with self.assertRaises(AccessError):
                self.connection.with_user(automation).read([name])

    def test_sellers_portal_and_public_see_no_connection(self):
        for user in (
            self.seller,
            self.make_user("base.group_portal"),
            self.env.ref("base.public_user"),
        ):
            with self.assertRaises(AccessError):
                self.connection.with_user(user).read(["name"])

    def test_another_company_sees_and_uses_nothing(self):
        other = self.env["res.company"].create({"name": "Ailleurs"})
        admin = self.make_user("crm_base.crm_base_group_admin", other)
        with self.assertRaises(AccessError):
            self.connection.with_user(admin).with_context(
                allowed_company_ids=other.ids
            ).read(["name"])
        seller = self.make_user("crm_base.crm_base_group_seller", other)
        model = self.env["crm.sign.request"].with_user(seller)
        services = dict(
            model.with_context(allowed_company_ids=other.ids)._selection_service()
        )
        self.assertNotIn(str(self.connection.id), services)

    def test_nobody_types_what_the_service_writes(self):
        request = self.send()
        for values in ({"remote_id": "x"}, {"state": "signed"}):
            with self.assertRaises(Exception) as caught:
                request.with_user(self.seller).write(values)
            self.assertIn(type(caught.exception).__name__, ("UserError", "AccessError"))
