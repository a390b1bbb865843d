from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AssistantCase, calls


@tagged("post_install", "-at_install")
class TestProposals(AssistantCase):
    """Nothing is written before the click, and then under the clicker's name."""

    def propose(self, name, **arguments):
        lead = self.idle[0]
        asked = {"record": f"[AFFAIRE_{lead.id}]", **arguments}
        self.use_model(calls((name, asked)), "Voici une carte à confirmer.")
        turn = self.ask("Prépare-moi cela")
        self.assertEqual(turn.state, "done")
        return lead, turn.proposal_ids.with_user(self.marc)

    def test_an_activity(self):
        due = fields.Date.today() + timedelta(days=3)
        lead, card = self.propose(
            "propose_activity",
            kind="call",
            summary="Rappeler",
            due_date=due.isoformat(),
        )
        self.assertFalse(lead.activity_ids)
        self.assertEqual(card._prepare_card()["record"]["name"], lead.name)
        card.action_confirm()
        card.action_confirm()
        activity = lead.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.date_deadline, due)
        self.assertEqual(activity.user_id, self.marc)
        self.assertEqual(activity.create_uid, self.marc)
        self.assertEqual(card.state, "done")
        self.assertEqual(card.turn_id.call_id.decision, "accepted")

    def test_a_day_that_is_over_becomes_today(self):
        _lead, card = self.propose(
            "propose_activity", kind="todo", summary="x", due_date="2001-01-01"
        )
        self.assertEqual(card.date_deadline, fields.Date.context_today(card))

    def test_a_day_that_is_none(self):
        _lead, card = self.propose(
            "propose_activity", kind="todo", summary="x", due_date="demain"
        )
        self.assertFalse(card)

    def test_a_note_of_a_call(self):
        lead, card = self.propose("propose_call_note", note="Il rappelle mardi")
        before = lead.message_ids
        card.action_confirm()
        message = lead.message_ids - before
        self.assertIn("Il rappelle mardi", "".join(message.mapped("body")))
        self.assertEqual(message.author_id, self.marc.partner_id)
        self.assertFalse(lead.activity_ids)

    def test_a_draft_is_opened_and_not_sent(self):
        lead, card = self.propose(
            "propose_draft", subject="Votre devis", body="Bonjour,\n<b>Merci</b>"
        )
        before = lead.message_ids
        action = card.action_confirm()
        self.assertEqual(action["res_model"], "mail.compose.message")
        self.assertEqual(action["context"]["default_subject"], "Votre devis")
        self.assertIn("&lt;b&gt;", action["context"]["default_body"])
        self.assertEqual(lead.message_ids, before)

    def test_a_card_that_is_dropped(self):
        lead, card = self.propose("propose_call_note", note="Non")
        card.action_drop()
        card.action_confirm()
        self.assertEqual(card.state, "dropped")
        self.assertNotIn("Non", "".join(lead.message_ids.mapped("body")))

    def test_nobody_else_confirms(self):
        _lead, card = self.propose("propose_call_note", note="x")
        with self.assertRaises(AccessError):
            card.with_user(self.julie).action_confirm()
        admin = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            card.with_user(admin).action_confirm()

    def test_the_rights_of_the_moment_count(self):
        lead, card = self.propose("propose_call_note", note="x")
        lead.user_id = self.julie
        with self.assertRaises(AccessError):
            card.action_confirm()
        self.assertEqual(card.state, "proposed")

    def test_a_record_that_is_gone(self):
        lead, card = self.propose("propose_call_note", note="x")
        lead.unlink()
        with self.assertRaises(UserError):
            card.action_confirm()
        self.assertEqual(card._prepare_card()["record"]["name"], "")

    def test_three_cards_at_most(self):
        record = f"[AFFAIRE_{self.idle[0].id}]"
        one = ("propose_call_note", {"record": record, "note": "x"})
        self.use_model(calls(*[one] * 6), "Voici.")
        self.assertEqual(len(self.ask("Prépare").proposal_ids), 3)
