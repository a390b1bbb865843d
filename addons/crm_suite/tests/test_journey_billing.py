"""From a French quotation to a formal notice, and what is left of it in the books."""

import csv
import io
import zipfile
from dataclasses import dataclass
from unittest.mock import patch

import pypdf
from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.l10n_fr_crm_billing.lib.fec import check_fec
from odoo.addons.l10n_fr_crm_billing.tests.mention_common import FrenchMentionCase
from odoo.addons.mail.tests.common import MailCase

IBAN = "FR7630006000011234567890189"
PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAA"
    b"AABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Story:
    """Figures of one run; nothing in the code knows them."""

    quoted: float
    deposit_pct: int
    credited: float
    unpaid: float
    due: str
    friendly_on: str
    firm_on: str
    notice_on: str
    paid_on: str
    interest: float
    ticket_from: str
    ticket_until: str
    rate: float = 12.15

    @property
    def deposit(self) -> float:
        return round(self.quoted * 1.2 * self.deposit_pct / 100, 2)

    @property
    def balance(self) -> float:
        return round(self.quoted * 1.2 - self.deposit, 2)


# Each figure computed by hand: 1200 x 12.15 % x 30 / 365 = 11.98.
ACCEPTANCE = Story(
    quoted=10000,
    deposit_pct=30,
    credited=1200,
    unpaid=1200,
    due="2026-04-13",
    friendly_on="2026-04-10",
    firm_on="2026-04-20",
    notice_on="2026-05-13",
    paid_on="2026-05-14",
    interest=11.98,
    ticket_from="2026-04-19",
    ticket_until="2026-04-22",
)
# 3456.60 x 10 % x 31 / 365 = 29.36: the 30th day is a Saturday, Monday 15 it leaves
# on the 32nd: 3456.60 x 10 % x 32 / 365 = 30.30. The 7th day is Thursday 21 May.
OTHER = Story(
    quoted=7333.33,
    deposit_pct=40,
    credited=600,
    unpaid=3456.60,
    due="2026-05-14",
    friendly_on="2026-05-11",
    firm_on="2026-05-21",
    notice_on="2026-06-15",
    paid_on="2026-06-16",
    interest=30.30,
    ticket_from="2026-05-20",
    ticket_until="2026-05-26",
    rate=10.0,
)


class BillingJourney(FrenchMentionCase, MailCase):
    story: Story

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for name in (
            "sales_team.group_sale_manager",
            "crm_base.crm_base_group_admin",
            "helpdesk_mgmt.group_helpdesk_user",
        ):
            groups |= cls.quick_ref(name)
        return groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Documents are printed for good, not shown as HTML.
        cls.env = cls.env(context={**cls.env.context, "force_report_rendering": True})
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.write(
            {
                "email": "facturation@lumen.example",
                "phone": "01 23 45 67 89",
                "late_interest_method": "contract",
                "late_interest_rate": cls.story.rate,
                "late_interest_fee": 40,
                "dunning_is_running": True,
            }
        )
        cls.company.partner_id.tz = "Europe/Paris"
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": IBAN,
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.company_data["default_journal_bank"].bank_account_id = cls.bank
        cls.client.write({"email": "compta@oceane.example", "lang": "fr_FR"})

    # === Steps === #

    def sell(self):
        """Return an accepted, signed and confirmed quotation."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.service.id,
                            "price_unit": self.story.quoted,
                            "tax_ids": [Command.set(self.vat20_services.ids)],
                        }
                    )
                ],
            }
        )
        order.write(
            {
                "signed_by": "Henri Dupont",
                "signed_on": fields.Datetime.now(),
                "signature": PIXEL,
            }
        )
        order.action_confirm()
        return order

    def bill(self, order, **values):
        """Invoice as the person does, and post."""
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create(values)
        )
        known = order.invoice_ids
        wizard.create_invoices()
        move = order.invoice_ids - known
        move.action_post()
        return move

    def credit(self, move, gross):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"reason": "Remise commerciale", "journal_id": move.journal_id.id})
        )
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        note.invoice_line_ids = [
            Command.clear(),
            Command.create(
                {
                    "product_id": self.service.id,
                    "price_unit": round(gross / 1.2, 2),
                    "tax_ids": [Command.set(self.vat20_services.ids)],
                }
            ),
        ]
        note.action_post()
        open_lines = (move + note).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        if len(open_lines.move_id) > 1:
            open_lines.reconcile()
        return note

    def read_pdf(self, move):
        """Return the words of the printed document, spaces made ordinary."""
        reports = self.env["ir.actions.report"].with_context(lang="fr_FR")
        pdf, kind = reports._render_qweb_pdf("account.account_invoices", move.ids)
        self.assertEqual(kind, "pdf")
        return self.read_words(pdf)

    def read_words(self, pdf):
        pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
        text = " ".join(page.extract_text() for page in pages)
        return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())

    def make_unpaid(self):
        story = self.story
        move = self.make_invoice(
            [(self.service, story.unpaid / 1.2, self.vat20_services)],
            invoice_date=fields.Date.subtract(fields.Date.to_date(story.due), days=30),
            invoice_date_due=fields.Date.to_date(story.due),
            invoice_payment_term_id=False,
        )
        move.action_post()
        self.assertAlmostEqual(move.amount_residual, story.unpaid)
        return move

    def run_day(self, day):
        """Everything planned for a morning in Paris; return the mails that left."""
        engine = type(self.env["crm.dunning.engine"])
        cron = type(self.env["ir.cron"])
        with (
            freeze_time(f"{day} 06:30:00"),
            patch.object(engine, "_commit", lambda *a, **k: 600.0),
            patch.object(cron, "_commit_progress", lambda *a, **k: 600.0),
            self.mock_mail_gateway(),
        ):
            self.env["crm.dunning.engine"]._cron_run()
            self.env.flush_all()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
            self.env["crm.dunning.message"]._cron_follow()
            return list(self._mails)

    def run_days(self, first, last):
        """Return {day: mails} of the days on which something left."""
        left, day = {}, fields.Date.to_date(first)
        while day <= fields.Date.to_date(last):
            if mails := self.run_day(fields.Date.to_string(day)):
                left[fields.Date.to_string(day)] = mails
            day = fields.Date.add(day, days=1)
        return left

    def pay(self, move, day):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"payment_date": day})
        )
        return wizard._create_payments()

    def words(self, amount):
        """An amount as French prints it, without its currency."""
        text = f"{amount:,.2f}".replace(",", " ").replace(".", ",")
        return text

    # === Promises === #

    def check_documents(self):
        story = self.story
        with freeze_time("2026-03-02 08:30:00"):
            order = self.sell()
            deposit = self.bill(
                order,
                advance_payment_method="percentage",
                amount=story.deposit_pct,
            )
            final = self.bill(order, advance_payment_method="delivered")
            self.assertEqual(deposit.amount_total, story.deposit)
            self.assertEqual(final.amount_total, story.balance)
            numbers = [m.sequence_number for m in (deposit, final)]
            self.assertEqual(numbers, [numbers[0], numbers[0] + 1])
            self.assertEqual(deposit.sequence_prefix, final.sequence_prefix)
            vat = deposit.amount_tax + final.amount_tax
            self.assertAlmostEqual(vat, order.amount_tax)
            note = self.credit(final, story.credited)
            self.assertAlmostEqual(
                final.amount_residual, story.balance - story.credited
            )
            text = self.read_pdf(final)
            for word in (
                "73282932000074",
                "FR44732829320",
                "RCS Paris",
                "10 000",
                "FR03552081317",
                deposit.name,
                self.words(story.deposit / 1.2),
                self.words(story.balance),
            ):
                self.assertIn(word, text)
            self.assertIn(IBAN, text.replace(" ", ""))
            self.assertRegex(text, r"(?i)p[ée]nalit[ée]s")
            self.assertRegex(text, r"40(,00)? ?€")
            self.assertRegex(text, r"(?i)escompte")
            self.assertIn(final.name, self.read_pdf(note))
        return final, note

    def check_reminders(self, move):
        story = self.story
        left = self.run_days(
            fields.Date.subtract(move.invoice_date_due, days=7), story.notice_on
        )
        days = [story.friendly_on, story.firm_on, story.notice_on]
        self.assertEqual(list(left), days)
        for mails in left.values():
            (mail,) = mails
            self.assertIn(self.client.email, str(mail["email_to"]))
            self.assertIn(move.name, mail["body"] + mail["subject"])
            names = [name for name, *_rest in mail["attachments"]]
            self.assertTrue(
                any(move.name.replace("/", "_") in name for name in names), names
            )
        notice = left[story.notice_on][0]
        letters = [
            self.read_words(content)
            for name, content, _type in notice["attachments"]
            if move.name.replace("/", "_") not in name
        ]
        body = notice["body"].replace("\xa0", " ").replace("\u202f", " ")
        for text in (body, " ".join(letters)):
            self.assertRegex(text.lower(), "mise en demeure")
            self.assertIn(self.words(story.interest), text)
            self.assertIn(self.words(40), text)
        computed = move._get_late_interest(fields.Date.to_date(story.notice_on))
        self.assertEqual(float(computed.interest), story.interest)
        self.assertEqual(float(computed.fee), 40)
        return left

    def check_history(self, move):
        lines = self.env["crm.dunning.line"].search(
            [("move_id", "=", move.id)], order="date"
        )
        story = self.story
        self.assertEqual(
            [fields.Date.to_string(line.date) for line in lines],
            [story.friendly_on, story.firm_on, story.notice_on],
        )
        told = " ".join(move.message_ids.mapped("body"))
        for line in lines:
            self.assertIn(line.step_id.name, told)

    def check_books(self):
        """The year's file breaks no rule and balances."""
        year = fields.Date.to_date(self.story.due).year
        wizard = self.env["l10n_fr.fec.export.wizard"].create(
            {"date_from": f"{year}-01-01", "date_to": f"{year}-12-31"}
        )
        file = wizard.generate_fec()
        self.assertEqual(file["file_name"], f"732829320FEC{year}1231.txt")
        report = check_fec(io.BytesIO(file["file_content"]), file["file_name"])
        self.assertFalse(report.findings)
        self.assertEqual(report.debit, report.credit)

    def check_collection_file(self, move):
        """The lawyer finds the invoice, the reminders and the interest in one ZIP."""
        file = self.env["crm.collection.file"].create(
            {"partner_id": self.client.id, "move_ids": [Command.set(move.ids)]}
        )
        file.action_build()
        self.assertEqual(file.state, "done", file.problem)
        archive = zipfile.ZipFile(io.BytesIO(file.attachment_id.raw))
        names = archive.namelist()
        rows = list(
            csv.reader(
                io.StringIO(archive.read("index.csv").decode("utf-8-sig")),
                delimiter=";",
            )
        )
        self.assertEqual(
            {row[4] for row in rows[1:] if row[4]},
            {name for name in names if not name.startswith("index.")},
        )
        self.assertEqual(len([name for name in names if name.endswith(".eml")]), 3)
        invoices = [
            name
            for name in names
            if name.endswith(".pdf")
            and move.name in self.read_words(archive.read(name))
        ]
        self.assertGreaterEqual(len(invoices), 2, names)

    def check_board(self, open_moves):
        """Invoiced, collected, unpaid; what is open is expected within 90 days."""
        board = self.env["crm.treasury.board"].get_board("year")
        residual = sum(open_moves.mapped("amount_residual"))
        self.assertAlmostEqual(board["owed"], residual, 2)
        received = {
            cell["days"]: cell["p50"]
            for row in board["rows"]
            if row["kind"] == "receipts"
            for cell in row["cells"]
        }
        self.assertEqual(sorted(received), [30, 60, 90])
        self.assertAlmostEqual(received[90], residual, 2)


@tagged("post_install", "-at_install")
class TestAcceptanceFigures(BillingJourney):
    story = ACCEPTANCE

    def test_documents_are_right_and_printed(self):
        self.check_documents()

    def test_three_reminders_then_paid_then_silence(self):
        move = self.make_unpaid()
        self.check_reminders(move)
        with freeze_time(f"{self.story.paid_on} 10:00:00"):
            self.pay(move, self.story.paid_on)
            self.assertEqual(move.payment_state, "paid")
        later = fields.Date.add(fields.Date.to_date(self.story.paid_on), days=60)
        self.assertEqual(self.run_days(self.story.paid_on, later), {})
        self.check_history(move)
        after = fields.Date.add(later, days=1)
        with freeze_time(f"{after} 10:00:00"):
            self.check_collection_file(move)

    def test_the_books_of_the_year_and_the_board(self):
        final, _note = self.check_documents()
        unpaid = self.make_unpaid()
        with freeze_time(f"{self.story.due} 10:00:00"):
            self.pay(unpaid, self.story.due)
            deposit = final.invoice_line_ids._get_downpayment_lines().move_id
            deposit = deposit.filtered(lambda m: m._is_downpayment())
            self.check_board(final + deposit)
        year = fields.Date.to_date(self.story.due).year
        with freeze_time(f"{year + 1}-03-01 10:00:00"):
            self.check_books()

    def test_an_open_ticket_holds_the_firm_reminder(self):
        story = self.story
        move = self.make_unpaid()
        before = fields.Date.subtract(fields.Date.to_date(story.ticket_from), days=1)
        start = fields.Date.subtract(move.invoice_date_due, days=7)
        self.assertEqual(list(self.run_days(start, before)), [story.friendly_on])
        with freeze_time(f"{story.ticket_from} 09:00:00"):
            ticket = self.env["helpdesk.ticket"].create(
                {
                    "name": "Question sur la facture",
                    "description": "Une ligne ne va pas.",
                    "partner_id": self.client.id,
                    "invoice_ids": [Command.set(move.ids)],
                }
            )
        eve = fields.Date.subtract(fields.Date.to_date(story.ticket_until), days=1)
        self.assertEqual(self.run_days(story.ticket_from, eve), {})
        closed = self.env["helpdesk.ticket.stage"].search(
            [("closed", "=", True)], limit=1
        )
        with freeze_time(f"{story.ticket_until} 05:00:00"):
            ticket.stage_id = closed
        left = self.run_days(story.ticket_until, story.ticket_until)
        self.assertEqual(list(left), [story.ticket_until])


@tagged("post_install", "-at_install")
class TestOtherFigures(TestAcceptanceFigures):
    allow_inherited_tests_method = True
    story = OTHER
