from itertools import permutations
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .common import SignCase, make_pdf

NOON = "2026-03-02 12:00:00"


@tagged("post_install", "-at_install")
class TestProviderFacts(SignCase):
    """What a service tells comes twice, late, in any order."""

    def setUp(self):
        super().setUp()
        # Sent by a service: our own pages write to nobody and seal nothing.
        requests = type(self.env["crm.sign.request"])
        self.enterContext(patch.object(requests, "_notify_current", lambda s: None))
        self.enterContext(patch.object(requests, "_delay_seal", lambda s, m=0: None))
        self.request, self.marie, self.paul = self.send("Marie Dupont", "Paul Durand")
        self.document = self.request.document_ids

    def tell(self, fact):
        request, at = self.request, fields.Datetime.to_datetime(NOON)
        signed = make_pdf("signed"), make_pdf("proof")
        return {
            "sent": request._provider_sent,
            "marie": lambda: request._provider_signer_fact(self.marie, "signed", at),
            "paul": lambda: request._provider_signer_fact(self.paul, "signed", at),
            "opened": lambda: request._provider_signer_fact(self.marie, "opened", at),
            "files": lambda: request._provider_finished(
                [(self.document, signed[0])], signed[1]
            ),
            "refused": lambda: request._provider_refused(self.paul, "Non", at),
            "expired": request._provider_expired,
            "cancelled": request._provider_cancelled,
        }[fact]()

    def test_whatever_the_order_the_end_is_the_same(self):
        facts = ("sent", "marie", "paul", "files")
        for order in permutations(facts):
            with self.subTest(order), self.env.cr.savepoint() as point:
                for fact in order:
                    self.tell(fact)
                    self.tell(fact)
                self.assertEqual(self.request.state, "signed")
                self.assertEqual(self.request.seal_state, "done")
                self.assertEqual(self.document._get_final(), make_pdf("signed"))
                self.assertEqual(
                    self.request.audit_attachment_id.raw, make_pdf("proof")
                )
                kinds = self.request.event_ids.mapped("kind")
                self.assertEqual(kinds.count("signed"), 2)
                self.assertEqual(kinds.count("completed"), 1)
                self.assertEqual(kinds.count("sealed"), 1)
                self.assertFalse(self.request._verify_chain())
                point.rollback()
                self.env.invalidate_all()

    def test_late_facts_change_nothing(self):
        self.tell("marie")
        self.tell("opened")
        self.assertEqual(self.marie.state, "signed")
        self.tell("refused")
        events = self.request.event_count
        for fact in ("paul", "expired", "cancelled", "refused", "sent"):
            self.tell(fact)
        self.assertEqual((self.request.state, self.request.event_count),
                         ("refused", events))  # fmt: skip
        self.assertIn("Non", self.request.ended_reason)

    def test_ends_told_by_the_service(self):
        for fact, state in (("expired", "expired"), ("cancelled", "cancelled")):
            with self.env.cr.savepoint() as point:
                self.tell(fact)
                self.tell(fact)
                self.assertEqual(self.request.state, state)
                point.rollback()
                self.env.invalidate_all()

    def test_signed_after_it_ended_here_is_left_to_a_person(self):
        self.tell("cancelled")
        for _n in range(2):
            self.tell("files")
        self.assertEqual(self.request.state, "cancelled")
        self.assertEqual(len(self.request.activity_ids), 1)
        self.assertFalse(self.document.final_attachment_id)

    def test_a_service_that_refused_is_told_once(self):
        for _n in range(2):
            self.request._provider_failed("The phone number of Marie is missing.")
        self.assertEqual(self.request.provider_error[:9], "The phone")
        self.assertEqual(len(self.request.activity_ids), 1)
        self.assertEqual(self.request.state, "sent")

    def test_without_a_service_everything_is_signed_on_our_pages(self):
        self.assertEqual(self.request.service, "own")
        draft = self.make_request().with_user(self.seller)
        draft.service = "own"
        self.assertFalse(draft.connection_id)
        draft.service = False
        self.assertFalse(draft.connection_id)
