from freezegun import freeze_time
from lxml import html as parser

from odoo.tests import tagged

from odoo.addons.crm_billing.tests.common_dunning import DunningCommon
from odoo.addons.l10n_fr_crm_billing.tests.mention_common import LUMEN


@tagged("post_install", "-at_install")
class TestDunningNotice(DunningCommon):
    """The French policy from the friendly word to the formal notice (AT-26)."""

    @classmethod
    @DunningCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({**LUMEN, "country_id": cls.env.ref("base.fr").id})
        cls.company.dunning_policy_id = False
        cls.client.write({"lang": "fr_FR", "company_registry": "55208131766522"})
        cls.consumer = cls.make_client("Paul Renard", is_company=False, lang="fr_FR")
        cls.catherine.partner_id.function = "Gérante"
        cls.company.dunning_signatory_id = cls.catherine

    def letter(self, move):
        message = self.lines(move)[-1].message_id
        report = "l10n_fr_crm_billing.report_dunning_notice"
        html = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html(report, message.ids)[0]
        )
        page = parser.fromstring(html).xpath("//div[@name='dunning_notice']")[0]
        text = " ".join(page.text_content().split())
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    def test_the_policy_of_france_is_the_usual_one(self):
        policy = self.company._get_dunning_policy()
        self.assertEqual(
            policy, self.env.ref("l10n_fr_crm_billing.crm_dunning_policy_france")
        )
        self.assertEqual(policy.step_ids.mapped("offset_days"), [-3, 7, 30, 30])

    def test_three_reminders_on_their_days_and_the_figures_of_the_law(self):
        move = self.make_invoice(ref="BC-118")
        days = ("2026-04-10", "2026-04-20", "2026-05-13", "2026-05-14")
        mails = {day: self.run_day(day) for day in days}
        self.assertEqual([len(mails[day]) for day in days], [1, 1, 1, 0])
        self.assertIn("arrive à échéance", mails["2026-04-10"][0]["subject"])
        self.assertIn("Retard de paiement", mails["2026-04-20"][0]["subject"])
        notice = mails["2026-05-13"][0]
        self.assertIn("Mise en demeure", notice["subject"])
        names = [name for name, _content, _mime in notice["attachments"]]
        self.assertEqual(len(names), 2)
        late = move._get_late_interest(self.lines(move)[-1].date)
        self.assertEqual((str(late.interest), str(late.fee)), ("11.98", "40.00"))
        line = self.lines(move)[-1]
        self.assertEqual((line.interest, line.fee), (11.98, 40))

    def test_the_formal_notice_says_all_the_law_asks_for(self):
        move = self.make_invoice(ref="BC-118")
        self.pay(move, amount=200, day="2026-04-13")
        self.run_day("2026-05-13")
        text = self.letter(move)
        for part in (
            "Mise en demeure de payer",
            "Agence Lumen",
            "18 rue du Mail",
            "SIREN 732829320",
            "RCS Paris",
            "Biotech SA",
            "1 rue de la Paix",
            "13 mai 2026",
            move.name,
            "14/03/2026",
            "13/04/2026",
            "BC-118",
            "1 200,00 €",
            "200,00 €",
            "1 000,00 €",
            "9,99 €",
            "40,00 €",
            "1 049,99 €",
            "12,15 %",
            "x taux / 100 x jours / 365",
            "23 mai 2026",
            "10 jours",
            "1405",
            "L441-10",
            "D441-5",
            "recommandée",
            "dun_catherine",
            "Gérante",
        ):
            self.assertIn(part, text)
        for word in ("huissier", "commissaire de justice", "saisie"):
            self.assertNotIn(word, text.lower())

    def test_a_consumer_is_asked_for_nothing_more_than_the_debt(self):
        move = self.make_invoice(self.consumer)
        self.run_day("2026-05-13")
        line = self.lines(move)
        self.assertEqual((line.interest, line.fee), (0, 0))
        text = self.letter(move)
        self.assertIn("1344", text)
        self.assertIn("15 jours", text)
        for part in ("40,00", "D441-5", "L441-10", "indemnité", "énalités de retard"):
            self.assertNotIn(part, text)

    def test_an_english_client_reads_english_and_the_french_words(self):
        self.client.lang = "en_US"
        move = self.make_invoice()
        self.run_day("2026-05-13")
        text = self.letter(move)
        self.assertIn("Formal notice to pay (mise en demeure)", text)
        # Nothing was sent before: nothing is claimed to have been.
        self.assertIn("To this day, the following invoice has not been paid", text)
        self.assertNotIn("reminders", text)
        # The law speaks French; the meaning follows in the client's language.
        self.assertIn("article L441-10 du code de commerce", text)
        self.assertIn("we may apply to the court for an order to pay", text)

    def test_a_law_that_changes_leaves_old_letters_as_they_were(self):
        old = self.make_invoice()
        self.run_day("2026-05-13")
        before = self.letter(old)
        words = self.env.ref("l10n_fr_crm_billing.crm_legal_mention_notice_business")
        with freeze_time("2026-05-31 10:00:00"):
            action = words.action_new_version()
            successor = self.env["crm.legal.mention"].browse(action["res_id"])
            successor.wording = "Article L999-1 : des pénalités sont dues."
        # Even the record the letter was printed from may be spoilt afterwards.
        words.wording = "Mots effacés."
        new = self.make_invoice(due="2026-05-05", invoice_date="2026-04-05")
        self.run_day("2026-06-05")
        self.assertEqual(self.letter(old), before)
        text = self.letter(new)
        self.assertIn("Article L999-1 : des pénalités sont dues.", text)
        self.assertIn("1405", text)
        self.assertNotIn("L441-10", text)
        self.assertNotIn("effacés", text)

    def test_no_letter_leaves_without_the_words_of_the_law(self):
        words = self.env.ref("l10n_fr_crm_billing.crm_legal_mention_notice_court")
        words.date_to = "2026-05-01"
        move = self.make_invoice()
        with self.assertLogs("odoo.addons.crm_billing", "ERROR"):
            self.assertFalse(self.run_day("2026-05-13"))
        self.assertFalse(self.lines(move))
        (note,) = move.activity_ids.mapped("note")
        self.assertIn("Legal Mentions", note)

    def test_no_threat_for_a_lapsed_debt(self):
        old = self.make_invoice(due="2021-05-10", invoice_date="2021-04-10")
        consumer = self.make_invoice(
            self.consumer, due="2024-05-10", invoice_date="2024-04-10"
        )
        self.assertFalse(self.run_day("2026-05-13"))
        self.assertFalse(self.lines(old + consumer))

    def test_french_holidays_are_waited_for(self):
        self.make_invoice(due="2026-07-07")
        self.assertFalse(self.run_day("2026-07-14"))
        self.assertEqual(len(self.run_day("2026-07-15")), 1)

    def test_the_proof_of_receipt_starts_interest_of_a_consumer(self):
        move = self.make_invoice(self.consumer)
        self.run_day("2026-05-13")
        message = self.lines(move).message_id.with_user(self.catherine)
        with freeze_time("2026-05-15 10:00:00"):
            message.letter_received_on = "2026-05-15"
        self.assertEqual(str(move.formal_notice_date), "2026-05-15")
