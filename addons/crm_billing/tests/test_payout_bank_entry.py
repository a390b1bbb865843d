from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..wizards import crm_payout_bank_line
from .common_payout import PayoutCase

OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ";",
    "encoding": "utf-8",
    "date_format": "%d/%m/%Y",
    "float_thousand_separator": " ",
    "float_decimal_separator": ",",
}


@tagged("post_install", "-at_install")
class TestPayoutBankEntry(PayoutCase):
    """A payout finds its bank line however the line came: imported or typed."""

    def make_payout(self, *amounts):
        self.connection._set_up_payouts()
        self.sell(*amounts)
        payout = self.pay_out()
        self.assertEqual(payout.state, "booked")
        return payout

    def run_planned(self):
        """Run the job that the arrival of a line has planned, if any."""
        jobs = self.env["queue.job"].search(
            [("method_name", "=", "_job_match"), ("state", "=", "pending")]
        )
        for job in jobs:
            self.run_matching(job.args[0])
        jobs.state = "done"
        return len(jobs)

    def import_csv(self, *rows, dryrun=False):
        """What the import screen of Odoo does with a file of the bank."""
        content = "\n".join(("Date;Libellé;Montant", *rows))
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "account.bank.statement.line",
                "file": content.encode(),
                "file_name": "releve.csv",
                "file_type": "text/csv",
            }
        )
        wizard = wizard.with_context(default_journal_id=self.bank.id)
        result = wizard.execute_import(
            ["date", "payment_ref", "amount"],
            ["date", "libellé", "montant"],
            OPTIONS,
            dryrun=dryrun,
        )
        self.assertFalse(result["messages"])
        return self.env["account.bank.statement.line"].browse(result["ids"])

    def write_amount(self, amount):
        """An amount as French banks write it."""
        return f"{amount:,.2f}".replace(",", " ").replace(".", ",")

    def test_a_file_of_the_bank_is_matched_like_any_other_line(self):
        payout = self.make_payout(1250, 41.58)
        day = payout.arrival_date.strftime("%d/%m/%Y")
        amount = self.write_amount(payout.amount)
        lines = self.import_csv(
            f"{day};PRLV LOYER;-900,00",
            f"{day};VIR SEPA STRIPE {payout.trace_id};{amount}",
            f"{day};VIR CLIENT;120,00",
        )
        self.assertEqual(self.run_planned(), 1)
        self.assert_whole(payout)
        self.assertEqual(payout.bank_line_id, lines[1])
        self.assertEqual(lines.mapped("is_reconciled"), [False, True, False])

    def test_trying_a_file_out_matches_nothing(self):
        payout = self.make_payout(80)
        amount = self.write_amount(payout.amount)
        self.import_csv(f"02/03/2026;VIR STRIPE;{amount}", dryrun=True)
        self.assertEqual(self.run_planned(), 0)
        self.assertEqual(payout.state, "booked")

    def test_a_line_typed_wrong_is_matched_once_it_is_mended(self):
        payout = self.make_payout(500)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": payout.arrival_date,
                "payment_ref": "VIR STRIPE",
                "amount": payout.amount + 9,
            }
        )
        self.assertEqual(self.run_planned(), 0)
        line.amount = payout.amount
        self.assertEqual(self.run_planned(), 1)
        self.assert_whole(payout)

    # === Typed by a person === #

    def make_user(self, login, groups):
        inside = {"company_id": self.company.id, "company_ids": self.company.ids}
        user = new_test_user(self.env, login, groups=groups, **inside)
        return self.env(user=user, context={"allowed_company_ids": self.company.ids})

    def open_window(self, payout, env):
        action = payout.with_env(env).action_type_bank_line()
        window = env[action["res_model"]].with_context(**action["context"])
        return Form(window)

    def test_a_line_typed_from_the_payout_reconciles_it(self):
        payout = self.make_payout(1250, 41.58)
        env = self.make_user("typing_clerk", "account.group_account_invoice")
        with self.open_window(payout, env) as form:
            self.assertEqual(form.date, payout.arrival_date)
            self.assertEqual(form.journal_id.id, self.bank.id)
            self.assertIn(payout.trace_id or payout.remote_id, form.label)
            form.label = "VIR RECU STRIPE"
        form.record.action_save()
        self.assert_whole(payout)
        line = payout.bank_line_id
        self.assertEqual(
            (line.journal_id, line.payment_ref, line.amount),
            (self.bank, "VIR RECU STRIPE", payout.amount),
        )

    def test_a_payout_is_not_typed_twice_nor_at_stripe_itself(self):
        payout = self.make_payout(300)
        wizard = self.open_window(payout, self.env).save()
        wizard.journal_id = self.connection.payout_journal_id
        with self.assertRaisesRegex(UserError, "cannot arrive"):
            wizard.action_save()
        wizard.journal_id = self.bank
        wizard.action_save()
        with self.assertRaisesRegex(UserError, "awaits no bank line"):
            wizard.action_save()
        self.assert_whole(payout)
        self.assertEqual(
            self.env["account.bank.statement.line"].search_count(
                [("journal_id", "=", self.bank.id)]
            ),
            1,
        )

    def test_a_long_payout_is_matched_by_the_job(self):
        payout = self.make_payout(80, 90)
        wizard = self.open_window(payout, self.env).save()
        with patch.object(crm_payout_bank_line, "BOOK_IN_CLICK_LINES", 1):
            wizard.action_save()
        self.assertEqual(payout.state, "booked")
        self.assertEqual(self.run_planned(), 1)
        self.assert_whole(payout)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_others_do_not_type_bank_lines(self):
        payout = self.make_payout(80)
        for login, groups in (
            ("typing_auditor", "account.group_account_readonly,base.group_user"),
            ("typing_nocode", "crm_base.crm_base_group_nocode"),
        ):
            env = self.make_user(login, groups)
            with self.assertRaises(AccessError, msg=login):
                payout.with_env(env).action_type_bank_line()
            with self.assertRaises(AccessError, msg=login):
                env["crm.payout.bank.line"].create({"payout_id": payout.id})

    def test_the_screen_of_bank_lines_needs_three_values(self):
        payout = self.make_payout(640)
        env = self.make_user("typing_manager", "account.group_account_manager")
        with Form(env["account.bank.statement.line"]) as form:
            form.payment_ref = "VIR STRIPE"
            form.amount = payout.amount
            form.date = payout.arrival_date
            form.journal_id = self.bank
        self.assertEqual(self.run_planned(), 1)
        self.assert_whole(payout)
        self.assertEqual(payout.bank_line_id.id, form.record.id)
