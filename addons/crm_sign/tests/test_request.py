from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SignCase


@tagged("post_install", "-at_install")
class TestRequest(SignCase):
    def test_a_draft_is_sent_and_frozen(self):
        request = self.make_request("Marie Dupont", "Paul Durand")
        request.with_user(self.seller).action_send()
        self.assertEqual(request.state, "sent")
        self.assertFalse(request._verify_chain())
        with self.assertRaisesRegex(UserError, "already sent"):
            request.with_user(self.seller).write({"name": "Autre"})
