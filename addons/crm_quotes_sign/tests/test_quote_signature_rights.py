from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import QuoteSignCase


@tagged("post_install", "-at_install")
class TestQuoteSignatureRights(QuoteSignCase):
    """Only who may edit a quotation sends it for signature."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.make_user("marie", "crm_base.crm_base_group_seller")
        other = cls.env["res.company"].create({"name": "Voisine"})
        cls.neighbour = cls.make_user(
            "victor", "crm_base.crm_base_group_admin", company=other
        )
        cls.portal = cls.make_user("paul", "base.group_portal")

    def test_seller_and_manager_send(self):
        for user in (self.seller, self.manager):
            order = self.make_order()
            request = self.send_for_signature(order=order, user=user)
            self.assertEqual(request.state, "sent")

    def test_nobody_else(self):
        for user in (self.colleague, self.neighbour, self.portal):
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_open_sign_wizard()
            with self.assertRaises(AccessError):
                self.send_for_signature(user=user)

    def test_a_window_is_its_owner_s(self):
        wizard = (
            self.env["crm.quote.sign"]
            .with_user(self.seller)
            .create({"order_id": self.order.id})
        )
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_send()
            with self.assertRaises(AccessError):
                self.env["crm.quote.sign.line"].with_user(user).create(
                    {"wizard_id": wizard.id, "name": "Intrus"}
                )

    def test_a_window_shows_no_client_of_others(self):
        for user in (self.colleague, self.neighbour):
            with self.assertRaises(AccessError):
                self.env["crm.quote.sign"].with_user(user).create(
                    {"order_id": self.order.id}
                )

    def test_the_manager_follows_what_a_seller_sent(self):
        request = self.send_for_signature()
        order = self.order.with_user(self.manager)
        self.assertEqual(order.sign_request_ids.ids, request.ids)
        self.assertEqual(order.sign_request_count, 1)
        other = self.order.with_user(self.colleague)
        with self.assertRaises(AccessError):
            other.sign_request_ids.mapped("name") or other.read(["name"])
