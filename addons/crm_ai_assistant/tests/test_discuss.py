from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import TURN, AssistantCase, calls


@tagged("post_install", "-at_install")
class TestDiscuss(AssistantCase):
    """The assistant as somebody to talk to."""

    def setUp(self):
        super().setUp()
        env = self.as_user(self.marc)
        self.channel = env["discuss.channel"].browse(env[TURN].open_chat())
        self.assistant = self.env.ref("crm_ai_assistant.partner_assistant")

    def say(self, text, channel=None):
        (channel or self.channel).message_post(
            body=text, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def bodies(self):
        messages = self.channel.sudo().message_ids.sorted("id")
        return [
            (message.author_id == self.assistant, message.body) for message in messages
        ]

    def test_it_welcomes_once(self):
        self.as_user(self.marc)[TURN].open_chat()
        self.assertEqual(len(self.bodies()), 1)
        self.assertTrue(self.bodies()[0][0])

    def test_it_answers_in_the_conversation(self):
        self.say("Où en est le pipeline ?")
        said = self.bodies()
        self.assertEqual([is_its for is_its, _body in said], [True, False, True])
        self.assertIn("5 affaires sans échange", said[-1][1])
        self.assertIn(f'data-oe-id="{self.idle[0].id}"', said[-1][1])

    def test_it_answers_with_the_rights_of_the_person(self):
        # as the controller of Discuss posts
        self.say("Quelles affaires dorment depuis 14 jours ?", self.channel.sudo())
        answer = self.bodies()[-1][1]
        self.assertIn("5 affaires sans échange", answer)
        self.assertNotIn("Secrète de Julie", answer)

    def test_cards_are_links_there(self):
        record = f"[AFFAIRE_{self.idle[0].id}]"
        self.use_model(
            calls(("propose_call_note", {"record": record, "note": "Vu"})), "Voici."
        )
        self.say("Note mon appel")
        turn = self.env[TURN].search([("user_id", "=", self.marc.id)], limit=1)
        self.run_call(turn.call_id)
        self.assertIn("À confirmer", self.bodies()[-1][1])
        self.assertIn('data-oe-model="crm.ai.assistant.proposal"', self.bodies()[-1][1])

    def test_it_keeps_out_of_other_conversations(self):
        env = self.as_user(self.marc)
        chat = env["discuss.channel"]._get_or_create_chat([self.julie.partner_id.id])
        self.say("Où en est le pipeline ?", chat)
        self.assertEqual(len(chat.message_ids), 1)
        group = env["discuss.channel"]._create_group(self.julie.partner_id.ids)
        self.say("Où en est le pipeline ?", group)
        self.assertFalse(
            group.message_ids.filtered(lambda m: m.author_id == self.assistant)
        )

    def test_the_purge_takes_the_messages_too(self):
        self.say("Mes affaires")
        turn = self.env[TURN].search([("user_id", "=", self.marc.id)], limit=1)
        messages = self.channel.sudo().message_ids
        old = fields.Datetime.now() - timedelta(days=self.company.crm_ai_text_days + 1)
        self.env.flush_all()
        for table, ids in (
            ("crm_ai_assistant_turn", turn.ids), ("mail_message", messages.ids),
        ):  # fmt: skip
            self.env.cr.execute(
                f"UPDATE {table} SET create_date = %s WHERE id IN %s",  # noqa: S608
                [old, tuple(ids)],
            )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_ai_assistant.ir_cron_purge_assistant"
            ).method_direct_trigger()
        self.assertFalse(turn.exists())
        self.assertFalse(messages.exists())
