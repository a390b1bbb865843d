"""A company in Belgium with a reminder policy, a client with invoices, a mail relay."""

from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.mail.tests.common import MailCase

PDF = b"%PDF-1.4 reminders"


class DunningCommon(AccountTestInvoicingCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "tracking_disable": True,
                "mail_create_nolog": True,
                "lang": "en_US",
            }
        )
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company = cls.company_data["company"]
        cls.company.write(
            {
                "country_id": cls.env.ref("base.be").id,
                "currency_id": cls.env.ref("base.EUR").id,
                "email": "facturation@lumen.example",
                "phone": "01 23 45 67 89",
                "late_interest_method": "contract",
                "late_interest_rate": 12.15,
                "late_interest_fee": 40,
                "dunning_hour": 8,
            }
        )
        cls.company.partner_id.tz = "Europe/Brussels"
        cls.catherine = new_test_user(
            cls.env,
            "dun_catherine",
            groups="crm_base.crm_base_group_admin,account.group_account_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email="catherine@lumen.example",
        )
        cls.company.dunning_responsible_id = cls.catherine
        cls.friendly = cls.env.ref("crm_billing.mail_template_dunning_friendly")
        cls.firm = cls.env.ref("crm_billing.mail_template_dunning_firm")
        cls.policy = cls.make_policy()
        cls.company.write(
            {"dunning_policy_id": cls.policy.id, "dunning_is_running": True}
        )
        cls.client = cls.make_client("Biotech SA")

    @classmethod
    def make_policy(cls, **values):
        template = {"mail_template_id": cls.firm.id, "show_interest": True}
        return cls.env["crm.dunning.policy"].create(
            {
                "name": "Usual",
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Friendly",
                            "offset_days": -3,
                            "mail_template_id": cls.friendly.id,
                        }
                    ),
                    Command.create({"name": "Firm", "offset_days": 7, **template}),
                    Command.create(
                        {
                            "name": "Notice",
                            "offset_days": 30,
                            "channel": "letter",
                            "is_formal": True,
                            "attach_interest": True,
                            **template,
                        }
                    ),
                ],
                **values,
            }
        )

    @classmethod
    def make_client(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": f"{name.split()[0].lower()}@client.example",
                "street": "1 rue de la Paix",
                "zip": "75002",
                "city": "Paris",
                "country_id": cls.env.ref("base.fr").id,
                "lang": "en_US",
                **values,
            }
        )

    @classmethod
    def make_invoice(cls, partner=None, amount=1200.0, due="2026-04-13", **values):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": cls.company.id,
                "partner_id": (partner or cls.client).id,
                "invoice_date": values.pop("invoice_date", "2026-03-14"),
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **values,
            }
        )
        move.action_post()
        cls.store_pdf(move)
        return move

    @classmethod
    def store_pdf(cls, moves):
        """As after the invoice was sent: its PDF is there."""
        cls.env["ir.attachment"].create(
            [
                {
                    "name": f"{move.name.replace('/', '_')}.pdf",
                    "raw": PDF,
                    "res_model": "account.move",
                    "res_id": move.id,
                    "res_field": "invoice_pdf_report_file",
                    "mimetype": "application/pdf",
                }
                for move in moves
            ]
        )
        moves.invalidate_recordset(["invoice_pdf_report_id"])

    @classmethod
    def pay(cls, moves, amount=None, day="2026-05-14"):
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"payment_date": day, **({"amount": amount} if amount else {})})
        )
        return wizard._create_payments()

    # === Running === #

    def run_day(self, day, hour="06:05:00"):
        """Run the reminders of a day, then let the mails leave.

        :return: mails that left, as the gateway got them
        """
        with freeze_time(f"{day} {hour}"):
            with self.no_commit():
                self.env["crm.dunning.engine"].sudo()._cron_run()
            return self.send_queue()

    def send_queue(self):
        """Let the mails of the queue leave, as its scheduler would."""
        with self.mock_mail_gateway(mail_unlink_sent=True):
            self.env.flush_all()
            mails = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
            mails.send()
            return list(self._mails)

    def follow(self, moment):
        """Look after what was queued, then let the queue leave."""
        with freeze_time(moment):
            with self.no_commit():
                self.env["crm.dunning.message"].sudo()._cron_follow()
            return self.send_queue()

    @contextmanager
    def no_commit(self, left=600.0):
        """What the scheduler would commit stays in the transaction of the test."""
        engine = type(self.env["crm.dunning.engine"])
        cron = type(self.env["ir.cron"])
        with (
            patch.object(engine, "_commit", lambda *a, **k: left),
            patch.object(cron, "_commit_progress", lambda *a, **k: left),
        ):
            yield

    @contextmanager
    def refused(self, text, error=ValidationError):
        """The block is refused with these words, and leaves nothing behind."""
        with self.assertRaisesRegex(error, text), self.env.cr.savepoint():
            yield
        self.env.invalidate_all()

    def lines(self, moves, *states):
        domain = [("move_id", "in", moves.ids)]
        if states:
            domain.append(("state", "in", states))
        return self.env["crm.dunning.line"].search(domain, order="date, id")

    def steps(self, moves):
        """What was recorded, in order: (day, step, state)."""
        return [
            (fields.Date.to_string(line.date), line.step_id.name, line.state)
            for line in self.lines(moves)
        ]
