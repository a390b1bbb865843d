from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..receiver import Answer
from .common import EngineCase


@tagged("post_install", "-at_install")
class TestButtons(EngineCase):
    def test_retry_sends_a_failed_message_again(self):
        receiver = self.receiver(lambda key, seen: Answer(422 if seen == 1 else 200))
        exchange = self.send("k")
        self.run_outgoing(self.connection)
        self.assertEqual(exchange.state, "failed")
        exchange.with_user(self.automation).action_retry()
        self.assertEqual(exchange.state, "pending")
        self.assertTrue(self.jobs("_job_send"))
        self.run_outgoing(self.connection)
        self.assertEqual(exchange.state, "done")
        self.assertFalse(exchange.cause)
        self.assertEqual(receiver.seen["k"], 2)

    def test_replay_processes_and_sends_again(self):
        receiver = self.receiver()
        received, sent = self.arrive("evt_1"), self.send("k")
        self.run_incoming(self.connection)
        self.run_outgoing(self.connection)
        (received | sent).with_user(self.admin).action_replay()
        self.run_incoming(self.connection)
        self.run_outgoing(self.connection)
        self.assertEqual(self.effects(), ["evt_1", "evt_1", "k", "k"])
        self.assertEqual((receiver.seen["k"], receiver.accepted["k"]), (2, 1))

    def test_ignore_closes_and_says_who(self):
        exchange = self.arrive("evt_1", **{"raise": "user"})
        self.run_incoming(self.connection)
        exchange.with_user(self.admin).action_ignore()
        self.assertEqual(exchange.state, "ignored")
        self.assertIn(self.admin.name, exchange.cause)
        self.run_incoming(self.connection)
        self.assertFalse(self.effects())

    def test_a_button_that_fits_nothing_says_so(self):
        exchange = self.arrive("evt_1")
        self.run_incoming(self.connection)
        with self.assertRaises(UserError):
            exchange.with_user(self.admin).action_retry()

    def test_a_message_being_sent_is_left_alone(self):
        exchange = self.send("k")
        self.env["crm.exchange.sender"]._claim_rows(self.connection.id, 1, "t")
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            exchange.with_user(self.admin).action_retry()
        self.assertEqual(exchange.lease_token, "t")

    def test_the_preview_hides_secrets_and_people(self):
        exchange = self.arrive(
            "evt_1",
            personal=True,
            email="henri.dupont@example.com",
            card={"number": "4242424242424242", "name": "Henri Dupont"},
            api_key="sk_test_abcdefghijkl",
            amount=1200,
        )
        shown = exchange.with_user(self.automation).body_preview
        for hidden in ("henri", "Henri", "4242424242424242", "abcdefghijkl"):
            self.assertNotIn(hidden, shown)
        self.assertIn("1200", shown)

    def test_only_admins_see_the_full_body_and_it_is_written_down(self):
        exchange = self.arrive("evt_1", personal=True, email="henri@example.com")
        action = exchange.with_user(self.admin).action_show_body()
        wizard = self.env[action["res_model"]].with_user(self.admin)
        wizard = wizard.browse(action["res_id"])
        self.assertIn("henri@example.com", wizard.body)
        note = self.connection.message_ids[0]
        self.assertIn(self.admin.name, note.body)
        self.assertEqual(note.author_id, self.admin.partner_id)
        with self.assertRaises(AccessError):
            exchange.with_user(self.automation).action_show_body()

    def test_the_columns_of_the_body_are_closed_to_everybody(self):
        exchange = self.arrive("evt_1", personal=False, email="henri@example.com")
        for user in (self.admin, self.automation):
            with self.assertRaises(AccessError):
                exchange.with_user(user).read(["body_plain"])
            with self.assertRaises(AccessError):
                exchange.with_user(user).read(["body_secret"])

    def test_the_document_opens_with_the_reader_s_rights(self):
        exchange = self.send("k", record=self.admin.partner_id)
        action = exchange.with_user(self.admin).action_open_record()
        self.assertEqual(action["res_id"], self.admin.partner_id.id)
