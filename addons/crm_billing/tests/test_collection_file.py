import csv
import hashlib
import io
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .late_common import LateCase


@tagged("post_install", "-at_install")
class TestCollectionFile(LateCase):
    """One ZIP per client, whose index says what is in it and what is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.make_invoice(1200, "2026-04-13")
        cls.second = cls.make_invoice(500, "2026-05-31")
        cls.accountant = new_test_user(
            cls.env, "file_acc", "account.group_account_invoice",
            company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)],
        )  # fmt: skip

    def make_file(self, **values):
        return self.env["crm.collection.file"].create(
            {"partner_id": self.client.id, **values}
        )

    def build(self, file=None):
        file = file or self.make_file()
        with self.fake_pdf():
            file.action_build()
        self.assertEqual(file.state, "done", file.problem)
        return file, zipfile.ZipFile(io.BytesIO(file.attachment_id.raw))

    def fake_pdf(self):
        """The legal PDF of invoices is the core's business: a mark stands for it."""

        def generate(sender, moves, **_options):
            for move in moves:
                self.env["ir.attachment"].create(
                    {
                        "name": f"{move.name}.pdf",
                        "res_model": "account.move",
                        "res_id": move.id,
                        "res_field": "invoice_pdf_report_file",
                        "raw": f"%PDF {move.name}".encode(),
                    }
                )
                move.invalidate_recordset(["invoice_pdf_report_id"])

        sender = self.env.registry["account.move.send"]
        return patch.object(sender, "_generate_and_send_invoices", generate)

    def index(self, archive):
        text = archive.read("index.csv").decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";"))

    def test_late_invoices_are_chosen_by_themselves(self):
        self.make_invoice(100, "2026-08-01", invoice_date="2026-06-01")
        self.assertEqual(self.make_file().move_ids, self.first | self.second)

    def test_the_zip_holds_what_its_index_says(self):
        proof = self.env["ir.attachment"].create(
            {
                "name": "../PV recette.txt",
                "res_model": "account.move",
                "res_id": self.first.id,
                "raw": b"accepted",
            }
        )
        file, archive = self.build()
        self.assertIsNone(archive.testzip())
        names = set(archive.namelist())
        rows = self.index(archive)
        listed = {row[4]: row for row in rows[1:] if row[4]}
        self.assertEqual(
            names - set(listed),
            {name for name in names if name.startswith("index.")},
        )
        for path, row in listed.items():
            content = archive.read(path)
            self.assertEqual(hashlib.sha256(content).hexdigest(), row[6])
            self.assertEqual(str(len(content)), row[5])
        everything = b"".join(archive.read(path) for path in listed)
        self.assertIn(f"%PDF {self.first.name}".encode(), everything)
        self.assertIn(proof.raw, everything)
        self.assertFalse([name for name in names if ".." in name])
        self.assertEqual(
            file.sha256, hashlib.sha256(file.attachment_id.raw).hexdigest()
        )

    def test_the_statement_and_the_interest_are_there(self):
        _file, archive = self.build()
        statement = [n for n in archive.namelist() if n.endswith(".csv") and "/" in n]
        text = archive.read(statement[0]).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        self.assertEqual([row[5] for row in rows[1:]], ["1200.0", "1700.0"])
        late = [name for name in archive.namelist() if "6-" not in name[:2]]
        interest = [name for name in late if name.startswith("5-")]
        self.assertRegex(archive.read(interest[0]), b"12[.,]15")

    def test_what_is_missing_is_a_line_of_the_index(self):
        file, archive = self.build()
        notes = file.part_ids.filtered(lambda part: not part.path)
        self.assertGreaterEqual(len(notes), 2)
        self.assertTrue(all(notes.mapped("note")))
        self.assertIn(notes[0].note, {row[7] for row in self.index(archive)})

    def test_a_pdf_that_fails_does_not_stop_the_file(self):
        cause = "no engine"

        def refuse(sender, moves, **_options):
            raise UserError(cause)

        sender = self.env.registry["account.move.send"]
        file = self.make_file()
        with patch.object(sender, "_generate_and_send_invoices", refuse):
            file.action_build()
        self.assertEqual(file.state, "done")
        self.assertIn(cause, " ".join(filter(None, file.part_ids.mapped("note"))))

    def test_credit_notes_come_with_their_invoice(self):
        credit = self.make_invoice(200, "2026-05-01", move_type="out_refund")
        (self.first | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        file, _archive = self.build()
        self.assertIn(credit.name, file.part_ids.mapped("document"))

    def test_a_large_file_is_built_by_a_job(self):
        for number in range(5):
            self.make_invoice(100 + number, "2026-05-31")
        file = self.make_file()
        with trap_jobs() as trap, self.fake_pdf():
            file.action_build()
            trap.assert_jobs_count(1, only=file._build)
            self.assertEqual(file.state, "building")
            trap.perform_enqueued_jobs()
        self.assertEqual(file.state, "done")
        self.assertEqual(len(file.move_ids), 7)

    def test_a_full_disk_is_said_and_can_be_tried_again(self):
        file = self.make_file()
        method = type(file)._write_zip
        with (
            patch.object(type(file), "_write_zip", side_effect=OSError("disk full")),
            self.assertLogs("odoo.addons.crm_billing", "WARNING"),
        ):
            file.action_build()
        self.assertEqual((file.state, file.problem), ("failed", "disk full"))
        self.assertTrue(method)
        self.build(file)

    def test_building_again_replaces_the_zip(self):
        file, _archive = self.build()
        old = file.attachment_id
        self.build(file)
        self.assertFalse(old.exists())
        self.assertEqual(file.action_download()["type"], "ir.actions.act_url")

    def test_refusals(self):
        nobody = self.env["res.partner"].create({"name": "Sans facture"})
        empty = self.make_file(partner_id=nobody.id)
        with self.assertRaises(UserError):
            empty.action_build()
        with self.assertRaises(UserError):
            empty.action_download()
        with self.assertRaises(ValidationError):
            self.make_file(partner_id=nobody.id, move_ids=self.first.ids)
        with self.assertRaises(UserError):
            self.env["crm.collection.file"]._open_for(nobody | self.client)

    def test_opened_from_chosen_invoices(self):
        files = self.env["crm.collection.file"].with_user(self.accountant)
        action = files._open_for(self.client, self.first)
        self.assertEqual(files.browse(action["res_id"]).move_ids, self.first)

    def test_an_accountant_builds_and_reads(self):
        file, _archive = self.build(self.make_file().with_user(self.accountant))
        self.assertTrue(file.part_ids)
        with self.assertRaises(AccessError):
            file.write({"attachment_id": 1})
        with self.assertRaises(AccessError):
            file.part_ids.write({"sha256": "0"})

    def test_nobody_else(self):
        file, _archive = self.build()
        data = self.setup_other_company()
        stranger = new_test_user(
            self.env, "file_stranger", "account.group_account_manager",
            company_id=data["company"].id,
            company_ids=[(6, 0, data["company"].ids)],
        )  # fmt: skip
        self.assertFalse(self.env["crm.collection.file"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            file.with_user(stranger).read(["name"])
        with self.assertRaises(AccessError):
            file.attachment_id.with_user(stranger).read(["raw"])
        for group in ("crm_base.crm_base_group_seller", "base.group_portal"):
            user = new_test_user(self.env, f"file_{group[-6:]}", group)
            with self.assertRaises(AccessError):
                file.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                self.env["crm.collection.file"].with_user(user)._open_for(self.client)
            with self.assertRaises(AccessError):
                file.attachment_id.with_user(user).read(["raw"])
