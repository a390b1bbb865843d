from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_sign.tests.common import make_pdf

from .common import DocusignCase


@tagged("post_install", "-at_install")
class TestSending(DocusignCase):
    """From the button to the mails of DocuSign."""

    def test_the_click_does_not_wait_for_docusign(self):
        request = self.make_request(connection_id=self.connection.id)
        request.with_user(self.seller).action_send()
        self.assertEqual(request.state, "sent")
        self.assertFalse(self.standin.state.requests)

    def test_a_draft_is_made_kept_and_sent(self):
        request = self.send_request("Marie Dupont", "Paul Roux")
        envelope = self.envelope(request)
        self.assertEqual(request.remote_id, envelope["envelopeId"])
        self.assertEqual(envelope["status"], "sent")
        first, second = request.signer_ids
        self.assertEqual((first.state, second.state), ("notified", "waiting"))
        self.assertEqual(
            [mail["to"] for mail in self.standin.state.mails], [first.email]
        )

    def test_documents_fields_and_order_arrive_as_placed(self):
        request = self.make_request(
            {"name": "Marie Dupont", "order": 1, "lang": "en_US"},
            {"name": "Paul Roux", "order": 2},
            {"name": "Eva Roux", "order": 2},
            connection_id=self.connection.id,
            message="<p>Bonjour <b>Marie</b></p>",
        )
        document = request.document_ids
        marie = request.signer_ids[0]
        self.env["crm.sign.field"].create(
            {
                "request_id": request.id,
                "document_id": document.id,
                "signer_id": marie.id,
                "type": "text",
                "label": "Fait a",
                "required": False,
                "x": 72.4,
                "y": 144.6,
                "width": 120,
                "height": 20,
            }
        )
        request.action_send()
        self.run_outgoing(self.connection)
        envelope = self.envelope(request)
        self.assertIn("Bonjour", envelope["emailBlurb"])
        self.assertNotIn("<", envelope["emailBlurb"])
        self.assertEqual(
            [s["routingOrder"] for s in envelope["recipients"]["signers"]],
            ["1", "2", "2"],
        )
        (tab,) = envelope["recipients"]["signers"][0]["tabs"]["textTabs"]
        self.assertEqual((tab["xPosition"], tab["yPosition"]), ("69", "143"))
        self.assertEqual((tab["width"], tab["height"]), ("120", "20"))
        self.assertEqual((tab["required"], tab["name"]), ("false", "Fait a"))
        _account, kept = self.standin.state.find(envelope["envelopeId"])
        self.assertEqual(
            kept["files"][str(document.id)]["content"], document._get_original()
        )

    def test_the_last_day_is_docusigns_too(self):
        # Today where the company is: near midnight it is another day than in UTC.
        today = self.make_request()._get_today()
        request = self.send_request(date_expiry=today + timedelta(days=10))
        self.assertEqual(self.envelope(request)["expireAfter"], "11")
        request = self.send_request(date_expiry=False)
        self.assertEqual(self.envelope(request)["expireEnabled"], "false")

    def test_levels_of_the_account_only(self):
        with self.assertRaisesRegex(UserError, "does not offer the level"):
            self.send_request(level="qualified")
        with self.assertRaisesRegex(UserError, "phone number"):
            self.send_request(level="advanced")
        request = self.send_request(
            {"name": "Marie Dupont", "phone": "+33 6 12 34 56 78"}, level="advanced"
        )
        (signer,) = self.envelope(request)["recipients"]["signers"]
        (provider,) = signer["recipientSignatureProviders"]
        self.assertEqual(provider["signatureProviderOptions"], {"sms": "+33612345678"})

    def test_what_docusign_would_break_is_refused(self):
        request = self.make_request(connection_id=self.connection.id)
        request.document_ids.sudo().has_signature = True
        with self.assertRaisesRegex(UserError, "already carries a signature"):
            request.action_send()

    def test_what_is_too_large_is_refused(self):
        request = self.make_request(connection_id=self.connection.id)
        large = make_pdf() + b"%" + b"x" * 19_000_000
        request.document_ids.sudo().attachment_id.raw = large
        with self.assertRaisesRegex(UserError, "too large"):
            request.action_send()

    def test_keys_that_are_missing_are_named_before_sending(self):
        self.connection.docusign_private_key = False
        with self.assertRaisesRegex(UserError, "RSA Private Key"):
            self.send_request()

    def test_handing_over_is_for_all_or_none(self):
        some = self.send_request(
            {"name": "Marie Dupont", "can_delegate": True}, "Paul Roux"
        )
        self.assertEqual(self.envelope(some)["allowReassign"], "false")
        everybody = self.send_request({"name": "Marie Dupont", "can_delegate": True})
        self.assertEqual(self.envelope(everybody)["allowReassign"], "true")

    def test_cancelled_before_it_left_nothing_is_made(self):
        request = self.make_request(connection_id=self.connection.id)
        request.action_send()
        request.action_cancel()
        self.run_outgoing(self.connection)
        self.assertFalse(self.envelopes())

    def test_cancelled_while_the_draft_was_made_it_is_thrown_away(self):
        request = self.make_request(connection_id=self.connection.id)
        request.action_send()
        make = self.standin.moves.create

        def create_and_cancel(*args):
            # What another user does meanwhile, in the same test transaction.
            request.action_cancel()
            return make(*args)

        self.patch(self.standin.moves, "create", create_and_cancel)
        self.run_outgoing(self.connection)
        self.assertEqual(request.state, "cancelled")
        self.assertTrue(self.envelope(request)["isDiscarded"])
        self.assertFalse(self.standin.state.mails)

    def test_cancelling_voids_with_the_reason(self):
        request = self.send_request()
        request.with_user(self.seller).action_cancel()
        self.run_outgoing(self.connection)
        envelope = self.envelope(request)
        self.assertEqual(envelope["status"], "voided")
        self.assertIn("Sophie Martin", envelope["voidedReason"])

    def test_a_reminder_is_docusigns_mail_again(self):
        request = self.send_request(
            "Marie Dupont", "Paul Roux", reminder_interval_days=3, reminder_max=2
        )
        self.assertTrue(request.next_reminder_at)
        request.with_user(self.seller).action_remind()
        self.run_outgoing(self.connection)
        reminders = [m for m in self.standin.state.mails if m["kind"] == "reminder"]
        self.assertEqual([m["to"] for m in reminders], ["marie@client.example"])
        self.assertIn("reminded", self.kinds(request))
