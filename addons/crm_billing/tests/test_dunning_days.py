from odoo.tests import tagged

from .common_dunning import PDF, DunningCommon


@tagged("post_install", "-at_install")
class TestDunningDays(DunningCommon):
    """One invoice from the friendly word to the formal notice."""

    def test_three_reminders_leave_on_their_days(self):
        move = self.make_invoice()
        sent = {
            day: self.run_day(day)
            for day in (
                "2026-04-09",
                "2026-04-10",
                "2026-04-13",
                "2026-04-17",
                "2026-04-20",
                "2026-04-21",
                "2026-05-12",
                "2026-05-13",
                "2026-05-14",
            )
        }
        self.assertEqual(
            [day for day, mails in sent.items() if mails],
            ["2026-04-10", "2026-04-20", "2026-05-13"],
        )
        for mails in sent.values():
            for mail in mails:
                self.assertEqual(
                    mail["email_to"], ['"Biotech SA" <biotech@client.example>']
                )
                self.assertIn(PDF, [content for _n, content, _m in mail["attachments"]])
        notice = self.lines(move)[-1]
        self.assertEqual((notice.interest, notice.fee), (11.98, 40))
        self.assertEqual(
            self.steps(move),
            [
                ("2026-04-10", "Friendly", "sent"),
                ("2026-04-20", "Firm", "sent"),
                ("2026-05-13", "Notice", "to_post"),
            ],
        )

    def test_nothing_leaves_once_paid(self):
        move = self.make_invoice()
        self.run_day("2026-05-13")
        self.pay(move)
        for day in ("2026-05-20", "2026-06-15"):
            self.assertFalse(self.run_day(day))
        self.assertEqual(len(self.lines(move)), 1)
