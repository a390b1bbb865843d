from odoo.tests import tagged

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
