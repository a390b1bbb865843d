from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_dunning import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningMail(DunningCommon):
    """Mails that do not leave, letters to post, tasks for people."""

    def _queue(self, day="2026-04-20"):
        with freeze_time(f"{day} 06:05:00"), self.no_commit():
            self.env["crm.dunning.engine"].sudo()._cron_run()
        return (
            self.env["crm.dunning.message"]
            .sudo()
            .search([("partner_id", "=", self.client.id)], limit=1)
        )

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def _refuse(self, message, moment, error="Mailbox is full"):
        def send_email(*_args, **_kwargs):
            raise OSError(error)

        with (
            freeze_time(moment),
            self.mock_mail_gateway(),
            patch.object(self.env.registry["ir.mail_server"], "send_email", send_email),
        ):
            message.mail_id.send()

    def test_a_queued_mail_is_not_sent_yet(self):
        move = self.make_invoice()
        message = self._queue()
        self.assertEqual(message.state, "queued")
        self.assertFalse(self.lines(move).sent_at)
        self.send_queue()
        self.assertEqual(message.state, "sent")
        self.assertTrue(self.lines(move).sent_at)
        self.assertFalse(message.mail_id)

    def test_the_history_says_it_on_invoice_and_client(self):
        move = self.make_invoice()
        self.run_day("2026-04-20")
        note = move.message_ids[0]
        self.assertIn("Firm sent to", note.body)
        self.assertIn("04/20/2026", note.body)
        mail = self.client.message_ids.filtered(lambda m: m.subject)[0]
        self.assertIn(move.name, mail.subject)
        self.assertEqual(mail.attachment_ids, move.invoice_pdf_report_id)

    def test_a_refused_mail_is_tried_three_times_then_a_task(self):
        move = self.make_invoice()
        message = self._queue()
        self._refuse(message, "2026-04-20 06:10:00")
        self.assertEqual((message.state, message.tries), ("retry", 1))
        self.assertFalse(self.follow("2026-04-20 06:30:00"))
        for tries, moment in enumerate(
            ("2026-04-20 07:30:00", "2026-04-20 12:00:00", "2026-04-21 13:00:00"), 2
        ):
            with freeze_time(moment), self.no_commit():
                message._cron_follow()
            self.assertEqual(message.state, "queued")
            self._refuse(message, moment)
            self.assertEqual(message.tries, tries)
        self.assertEqual(message.state, "failed")
        self.assertFalse(message.sent_at)
        self.assertIn("Mailbox is full", message.failure)
        self.assertEqual(message.activity_ids.user_id, self.catherine)
        self.assertEqual(self.lines(move).state, "failed")
        # The step stays recorded: a person has it now.
        self.assertFalse(self.run_day("2026-04-22"))
        message.with_user(self.catherine).action_done()
        self.assertEqual(message.state, "done")
        self.assertFalse(message.activity_ids)

    def test_a_refused_mail_leaves_at_the_second_try(self):
        self.make_invoice()
        message = self._queue()
        self._refuse(message, "2026-04-20 06:10:00")
        self.assertEqual(len(self.follow("2026-04-20 07:15:00")), 1)
        self.assertEqual(message.state, "sent")

    def test_a_retry_is_dropped_when_the_invoice_was_paid(self):
        move = self.make_invoice()
        message = self._queue()
        self._refuse(message, "2026-04-20 06:10:00")
        self.pay(move, day="2026-04-20")
        self.assertFalse(self.follow("2026-04-20 07:15:00"))
        self.assertEqual(message.state, "cancelled")

    def test_a_mail_in_the_queue_is_withdrawn_when_the_debt_changes(self):
        move = self.make_invoice()
        message = self._queue()
        self.pay(move, amount=500, day="2026-04-20")
        with freeze_time("2026-04-20 08:00:00"):
            self.assertFalse(self.send_queue())
        self.assertEqual(message.state, "cancelled")
        # The next run asks for what is left.
        (mail,) = self.run_day("2026-04-21")
        self.assertIn("700.00", mail["body"])

    def test_a_bounce_becomes_a_task(self):
        move = self.make_invoice()
        self.run_day("2026-04-20")
        message = self.lines(move).message_id
        notification = (
            self.env["mail.notification"]
            .sudo()
            .search([("mail_message_id", "=", message.mail_message_id.id)])
        )
        notification.write(
            {"notification_status": "bounce", "failure_type": "mail_bounce"}
        )
        self.follow("2026-04-21 07:00:00")
        self.assertEqual(message.state, "failed")
        self.assertEqual(self.lines(move).state, "failed")
        self.assertEqual(message.activity_ids.user_id, self.catherine)
        self.client.email = "right@client.example"
        with freeze_time("2026-04-21 08:00:00"):
            message.with_user(self.catherine).action_retry()
        mails = self.follow("2026-04-21 09:00:00")
        self.assertIn("right@client.example", mails[0]["email_to"][0])
        self.assertEqual(message.state, "sent")

    def test_a_mail_deleted_by_hand_is_not_lost(self):
        self.make_invoice()
        message = self._queue()
        message.mail_id.cancel()
        self.follow("2026-04-20 07:00:00")
        self.assertEqual(message.state, "failed")

    def test_a_client_without_mail_is_a_task_that_says_so(self):
        self.client.email = False
        move = self.make_invoice()
        self.assertFalse(self.run_day("2026-04-20"))
        message = self.lines(move).message_id
        self.assertEqual((message.channel, message.state), ("task", "task"))
        self.assertIn("no e-mail address", message.reason)
        self.assertEqual(message.activity_ids.user_id, self.catherine)
        self.assertIn("no e-mail address", move.message_ids[0].body)

    def test_a_letter_waits_to_be_posted(self):
        move = self.make_invoice()
        self.run_day("2026-05-13")
        message = self.lines(move).message_id
        self.assertEqual(message.state, "to_post")
        names = message.attachment_ids.mapped("name")
        self.assertEqual(len(names), 2)
        self.assertTrue(all(name.endswith(".pdf") for name in names))
        catherine = message.with_user(self.catherine)
        catherine.letter_number = "1A 234 567 8901 2"
        catherine.letter_posted_on = "2026-05-13"
        with freeze_time("2026-05-13 15:00:00"):
            catherine.action_posted()
        self.assertEqual((message.state, self.lines(move).state), ("sent", "sent"))
        self.assertFalse(message.activity_ids)
        catherine.letter_received_on = "2026-05-15"
        self.assertEqual(str(move.formal_notice_date), "2026-05-15")

    def test_history_cannot_be_rewritten(self):
        move = self.make_invoice()
        self.run_day("2026-04-20")
        message = self.lines(move).message_id.with_user(self.catherine)
        for values in (
            {"state": "cancelled"},
            {"date": "2026-01-01"},
            {"line_ids": []},
        ):
            with self.assertRaises(AccessError):
                message.write(values)

    def test_withdrawn_by_hand_frees_the_step(self):
        move = self.make_invoice()
        message = self._queue()
        message.with_user(self.catherine).action_cancel()
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(len(self.run_day("2026-04-21")), 1)
        self.assertEqual(len(self.lines(move)), 2)

    def test_one_bad_client_does_not_stop_the_others(self):
        bad, good = self.make_client("Bad"), self.make_client("Good")
        first, second = self.make_invoice(bad), self.make_invoice(good)
        model = type(self.env["crm.dunning.message"])
        genuine = model._prepare_mail

        def prepare_mail(message, texts, files):
            if message.partner_id == bad:
                raise ValueError("broken logo")
            return genuine(message, texts, files)

        self.patch(model, "_prepare_mail", prepare_mail)
        with mute_logger("odoo.addons.crm_billing.models.crm_dunning_engine"):
            self.assertEqual(len(self.run_day("2026-04-20")), 1)
            self.assertEqual(len(self.run_day("2026-04-21")), 0)
        self.assertFalse(self.lines(first))
        self.assertEqual(len(self.lines(second)), 1)
        activity = first.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn("broken logo", activity.note)

    def test_missing_rates_make_the_notice_a_task_not_the_reminder(self):
        reference = self.env["crm.late.reference"].create(
            {"name": "Empty table", "code": "empty"}
        )
        self.company.write(
            {
                "late_interest_method": "reference",
                "late_interest_reference_id": reference.id,
            }
        )
        move = self.make_invoice()
        self.assertEqual(len(self.run_day("2026-04-20")), 1)
        self.assertFalse(self.run_day("2026-05-13"))
        message = self.lines(move)[-1].message_id
        self.assertEqual(message.state, "task")
        self.assertIn("Empty table", message.reason)

    def test_missing_rates_by_hand_are_a_task_too(self):
        reference = self.env["crm.late.reference"].create(
            {"name": "Empty table", "code": "empty"}
        )
        self.company.write(
            {
                "late_interest_method": "reference",
                "late_interest_reference_id": reference.id,
            }
        )
        move = self.make_invoice()
        with freeze_time("2026-05-20 09:00:00"):
            move.with_user(self.catherine).action_dunning_send_now()
        self.assertEqual(self.lines(move).state, "task")
        self.assertIn("Empty table", self.lines(move).message_id.reason)

    def test_french_and_english_clients_read_their_language(self):
        french = self.make_client("Océane SARL", lang="fr_FR")
        self.make_invoice(french)
        self.make_invoice()
        bodies = {m["email_to"][0]: m["body"] for m in self.run_day("2026-04-20")}
        texts = sorted(bodies.items())
        self.assertIn("We have not received", texts[0][1])
        self.assertNotIn("We have not received", texts[1][1])
        self.assertIn("13/04/2026", texts[1][1])

    def test_unknown_variables_are_refused_by_name(self):
        for text, name in (
            ('<p t-out="object.montant">x</p>', "object.montant"),
            ('<p t-out="facture.name">x</p>', "facture"),
            (
                '<t t-foreach="object.line_ids" t-as="l"><i t-out="l.nom"/></t>',
                "l.nom",
            ),
        ):
            with self.refused(name):
                self.firm.body_html = text
        with self.refused("object.numero"):
            self.firm.subject = "Late {{ object.numero }}"

    def test_policies_refuse_what_cannot_work(self):
        with self.refused("needs a text"):
            self.policy.step_ids = [Command.create({"name": "X", "offset_days": 3})]
        with self.refused("same day"):
            self.policy.step_ids = [
                Command.create(
                    {
                        "name": "Twice",
                        "offset_days": 7,
                        "mail_template_id": self.firm.id,
                    }
                )
            ]
        with self.refused("before anything is late"):
            self.policy.step_ids[0].show_interest = True
        self.make_invoice()
        self.run_day("2026-04-20")
        with self.refused("already left"):
            self.policy.step_ids[1].unlink()
