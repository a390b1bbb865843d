import email
import io
import zipfile
from email.policy import default
from unittest.mock import patch

from odoo.tests import tagged

from .late_common import LateCase


@tagged("post_install", "-at_install")
class TestCollectionReminders(LateCase):
    """Reminders are in the file with what proves that they left and arrived."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.make_invoice(1200, "2026-04-13")
        cls.step = cls.env["crm.dunning.step"].search([], limit=1)
        if not cls.step:
            policy = cls.env["crm.dunning.policy"].create(
                {"name": "Test", "company_id": cls.company.id}
            )
            cls.step = cls.env["crm.dunning.step"].create(
                {
                    "policy_id": policy.id,
                    "name": "Mise en demeure",
                    "offset_days": 30,
                    "channel": "task",
                }
            )

    def make_message(self, **values):
        message = (
            self.env["crm.dunning.message"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.client.id,
                    "client_key": self.client.id,
                    "step_id": self.step.id,
                    "date": "2026-05-13",
                    "channel": "mail",
                    "state": "sent",
                    "sent_at": "2026-05-13 08:00:00",
                    **values,
                }
            )
        )
        self.env["crm.dunning.line"].sudo().create(
            {
                "message_id": message.id,
                "company_id": self.company.id,
                "partner_id": self.client.id,
                "move_id": self.invoice.id,
                "step_id": self.step.id,
                "date": message.date,
                "currency_id": self.invoice.currency_id.id,
            }
        )
        return message

    def build(self):
        file = self.env["crm.collection.file"].create({"partner_id": self.client.id})
        sender = self.env.registry["account.move.send"]
        with patch.object(sender, "_generate_and_send_invoices"):
            file.action_build()
        self.assertEqual(file.state, "done", file.problem)
        return file, zipfile.ZipFile(io.BytesIO(file.attachment_id.raw))

    def test_a_mail_is_there_as_it_left(self):
        mail = self.invoice.message_post(
            body="Mise en demeure", subject="Facture en retard",
            email_from="compta@example.com", partner_ids=self.client.ids,
        )  # fmt: skip
        self.make_message(mail_message_id=mail.id, mail_address="retail@example.com")
        file, archive = self.build()
        (name,) = [name for name in archive.namelist() if name.endswith(".eml")]
        found = email.message_from_bytes(archive.read(name), policy=default)
        self.assertEqual(found["Subject"], "Facture en retard")
        self.assertEqual(found["To"], "retail@example.com")
        self.assertEqual(found["Message-ID"], mail.message_id)
        part = file.part_ids.filtered(lambda p: p.path == name)
        self.assertIn(mail.message_id, part.note)
        self.assertIn("2026-05-13 08:00:00", part.note)

    def test_a_letter_with_its_number_and_proofs(self):
        names = {}
        for field in ("attachment_ids", "posting_proof_ids", "receipt_proof_ids"):
            attachment = (
                self.env["ir.attachment"]
                .sudo()
                .create({"name": f"{field}.txt", "raw": field.encode()})
            )
            names[field] = [(6, 0, attachment.ids)]
        self.make_message(
            channel="letter",
            letter_number="RA 123 456 789 FR",
            letter_posted_on="2026-05-13",
            letter_received_on="2026-05-15",
            **names,
        )
        file, archive = self.build()
        contents = {archive.read(name) for name in archive.namelist()}
        for field in names:
            self.assertIn(field.encode(), contents)
        parts = file.part_ids.filtered(lambda p: "RA 123" in (p.note or ""))
        self.assertEqual(len(parts), 3)
        self.assertIn("2026-05-15", parts[0].note)

    def test_a_task_done_by_a_person_is_a_line(self):
        self.make_message(channel="task", state="done")
        file, _archive = self.build()
        parts = file.part_ids.filtered(lambda p: p.name == self.step.name)
        self.assertEqual(len(parts), 1)
        self.assertFalse(parts.path)
        self.assertTrue(parts.note)
