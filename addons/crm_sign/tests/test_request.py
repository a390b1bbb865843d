import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import VISITOR, SignCase, make_pdf


@tagged("post_install", "-at_install")
class TestRequest(SignCase):
    """The main road: drafted, sent, signed by everybody."""

    def test_a_draft_is_sent_and_frozen(self):
        request, *_signers = self.send("Marie Dupont", "Paul Durand")
        self.assertEqual(request.state, "sent")
        mine = request.with_user(self.seller)
        for record, values in (
            (mine, {"name": "Autre"}),
            (mine.document_ids, {"name": "Autre"}),
            (mine.signer_ids[0], {"email": "other@client.example"}),
        ):
            with self.assertRaisesRegex(UserError, "already sent"):
                record.write(values)
        with self.assertRaisesRegex(UserError, "already sent"):
            mine.unlink()
        mine.write({"user_id": self.seller.id})

    def test_two_people_sign_one_after_another(self):
        request, marie, paul = self.send("Marie Dupont", "Paul Durand")
        self.assertTrue(request.is_ordered)
        self.assertEqual((marie.state, paul.state), ("notified", "waiting"))
        token = self.read_link(marie)
        self.assertEqual(self.env["crm.sign.signer"]._find_by_token(token), marie)
        self.assertFalse(self.read_link(paul), "nobody writes to the second yet")
        marie._open(VISITOR)
        self.assertEqual(marie._page_state().kind, "read")
        self.assertTrue(self.sign(marie))
        self.assertEqual((request.state, request.signed_count), ("partial", 1))
        self.assertTrue(self.read_link(paul))
        self.assertTrue(self.sign(paul))
        self.assertEqual(request.state, "signed")
        self.assertTrue(request.done_at)
        self.assertEqual(
            request.event_ids.mapped("kind"),
            ["sent", "notified", "opened", "code_sent", "identified", "signed",
             "notified", "code_sent", "identified", "signed", "completed"],
        )  # fmt: skip
        self.assertFalse(request._verify_chain())
        self.assertEqual(request.chain_state, "intact")

    def test_a_whole_request_is_made_in_one_form(self):
        content = base64.b64encode(make_pdf("{{sign:1}} {{sign:2}}"))
        request = (
            self.env["crm.sign.request"]
            .with_user(self.seller)
            .create(
                {
                    "name": "Contrat",
                    "document_ids": [
                        (0, 0, {"name": "contrat.pdf", "content": content})
                    ],
                    "signer_ids": [
                        (0, 0, {"name": "Marie", "email": "marie@client.example"}),
                        (0, 0, {"name": "Paul", "email": "paul@client.example"}),
                    ],
                }
            )
        )
        self.assertEqual(request.field_ids.signer_id, request.signer_ids)
        self.assertEqual(request.document_ids.page_count, 1)
        self.assertFalse(request.problem_text)
        self.assertEqual(request.next_step, "Ready to be sent.")
        request.action_send()
        self.assertEqual(request.next_step, "Waiting for Marie, Paul")
        with self.assertRaisesRegex(UserError, "not made yet"):
            request.action_download_final()
