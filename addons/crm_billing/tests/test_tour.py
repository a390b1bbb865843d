import os
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestTour(BillingCase, HttpCase):
    def test_seller_makes_and_sends_the_link(self):
        # Jobs run at once instead of through the runner, which tests have not.
        at_once = patch.dict(os.environ, {"QUEUE_JOB__NO_DELAY": "1"})
        with at_once, mute_logger("odoo.addons.queue_job.utils"):
            self.start_tour(
                f"/odoo/crm/{self.lead.id}",
                "crm_billing_payment_link",
                login="nadia_seller",
            )
        self.assertEqual(self.lead.payment_link_state, "waiting")
        self.assertEqual(len(self.calls("/v1/checkout/sessions")), 1)
