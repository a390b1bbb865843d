from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ScoreCase


@tagged("post_install", "-at_install")
class TestWords(ScoreCase):
    """Reasons in plain words, each leading to what it rests on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls.env["crm.score.reader"]
        cls.lead = cls.make_lead(
            source_id=cls.good.id,
            ai_score_reasons=[],
        )

    def word(self, name, token, lang="en_US"):
        reader = self.reader.with_context(lang=lang)
        return reader._word_reasons([(name, token, 1.0)])[(name, token)]

    def test_counts(self):
        for token, text in (
            ("..0.5", "none"),
            ("0.5..1.5", "1"),
            ("0.5..3.5", "1 to 3"),
            ("3.5..", "4 or more"),
            ("..2.5", "2 at most"),
            ("", "not known"),
            ("..", "known"),
        ):
            self.assertEqual(
                self.word("mails_in", token), f"Messages from the client: {text}"
            )

    def test_times(self):
        for token, text in (
            ("..2.5", "less than 2.5 days"),
            ("2.5..14.2", "between 2.5 days and 14 days"),
            ("14.2..", "more than 14 days"),
            ("", "never"),
        ):
            self.assertEqual(
                self.word("last_in_days", token),
                f"Last message from the client: {text}",
            )
        self.assertEqual(
            self.word("age_days", "..0.25"), "Age of the deal: less than 6 hours"
        )
        self.assertEqual(
            self.word("response_hours", "..4"),
            "Our first answer came: less than 4 hours",
        )
        self.assertEqual(
            self.word("response_hours", "96.."),
            "Our first answer came: more than 4 days",
        )

    def test_amounts_shares_and_answers(self):
        self.company.currency_id = self.env.ref("base.EUR")
        self.assertEqual(
            self.word("expected_revenue", "1234.5..9999"),
            "Expected revenue: between 1,234\N{NO-BREAK SPACE}€ and"
            " 9,999\N{NO-BREAK SPACE}€",
        )
        self.assertEqual(
            self.word("seller_win_rate", "0.34.."),
            "Usual success of the salesperson: more than 34%",
        )
        self.assertEqual(self.word("has_phone", "..0.5"), "Phone known: no")
        self.assertEqual(self.word("has_phone", "0.5.."), "Phone known: yes")

    def test_categories_have_their_names(self):
        self.assertEqual(
            self.word("source_id", f"=#{self.good.id}"), "Source: Recommandation"
        )
        self.assertEqual(self.word("source_id", "*"), "Source: another value")
        self.assertEqual(
            self.word("stage", f"=#{self.second.id}"), "Stage: Proposition"
        )

    def test_what_is_gone_is_no_trouble(self):
        gone = self.env["utm.source"].create({"name": "Éphémère"})
        token = f"=#{gone.id}"
        gone.unlink()
        self.assertEqual(self.word("source_id", token), f"Source: {token[1:]}")
        self.assertEqual(self.word("criterion:0", ""), "Criterion: removed")
        self.assertEqual(self.word("tag:0", "0.5.."), "A fact that is no longer known")

    def test_reasons_are_french_for_the_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        text = self.word("mails_in", "0.5..3.5", lang="fr_FR")
        self.assertEqual(text, "Messages du client\N{NO-BREAK SPACE}: 1 à 3")

    def test_each_fact_leads_somewhere(self):
        fields_of_the_form = self.env["crm.lead"]._fields
        for feature in self.env["crm.score.engine"]._get_score_features():
            action = self.lead.action_open_score_fact(feature.name)
            if action:
                self.env[action["res_model"]].search(action["domain"])
            elif feature.fact and feature.fact != "stages":
                self.assertIn(feature.fact, fields_of_the_form, feature.name)

    def test_the_mails_behind_a_reason(self):
        now = fields.Datetime.now()
        said = self.say(self.lead, now - timedelta(days=2))
        self.say(self.lead, now, message_type="notification")
        lead = self.lead.with_user(self.seller)
        action = lead.action_open_score_fact("last_in_days")
        found = self.env["mail.message"].with_user(self.seller).search(action["domain"])
        self.assertEqual(found, said)
        self.assertFalse(lead.action_open_score_fact("nonsense"))

    def test_advice_is_what_somebody_can_do(self):
        self.make_history(200)
        self.engine._learn(self.company)
        self.score(self.lead)
        advice = self.lead.get_score_details()["advice"]
        # phone numbers went with won deals in the made-up past, or did not
        self.assertLessEqual(len(advice), 3)
        for row in advice:
            self.assertGreater(row["points"], 0)
            self.assertTrue(row["text"])

    def test_a_trend_is_the_score_of_an_earlier_day(self):
        self.score(self.lead)
        first = self.lead.ai_score
        self.assertEqual(self.lead.ai_score_change, 0)
        self.env.cr.execute(
            "UPDATE crm_lead SET ai_score_at = ai_score_at - interval '1 day'"
            " WHERE id = %s",
            [self.lead.id],
        )
        self.env["crm.score.criterion"].create(
            {"name": "Salon", "points": 20, "company_id": self.company.id}
        )
        self.lead.invalidate_recordset()
        self.score(self.lead)
        self.assertEqual(self.lead.ai_score_previous, first)
        self.assertEqual(self.lead.ai_score_change, 20)


@tagged("post_install", "-at_install")
class TestClients(ScoreCase):
    """A client's score is the chance that one of its open deals is won."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.score.criterion"].search([]).action_archive()
        cls.client = cls.env["res.partner"].create(
            {"name": "TechCorp", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ana", "parent_id": cls.client.id}
        )

    def read_score(self):
        self.env.invalidate_all()
        return self.client.with_company(self.company).ai_score

    def test_two_chances_are_more_than_one(self):
        self.company.score_start = 50
        self.score(self.make_lead(partner_id=self.client.id))
        self.assertEqual(self.read_score(), 50)
        self.score(self.make_lead(partner_id=self.contact.id))
        self.assertEqual(self.read_score(), 75)
        self.assertEqual(self.contact.with_company(self.company).ai_score, 75)
        self.assertEqual(self.client.ai_temperature, "hot")
        found = self.env["res.partner"].search(
            [("ai_score", ">=", 75), ("id", "in", (self.client | self.contact).ids)]
        )
        self.assertEqual(found, self.client | self.contact)

    def test_without_open_deals_the_past_counts_less_each_year(self):
        now = fields.Datetime.now()
        lead = self.make_lead(partner_id=self.client.id)
        self.close(lead, True, now - timedelta(days=800), now - timedelta(days=730))
        self.env["crm.score.client"]._refresh(self.company)
        # (1 + 2 x 0.25) / (1 + 2) x 0.25
        self.assertAlmostEqual(self.read_score(), 13, delta=1)

    def test_the_deals_behind_it(self):
        lead = self.make_lead(partner_id=self.contact.id)
        self.score(lead)
        action = self.client.with_user(self.seller).action_open_scored_leads()
        self.assertEqual(self.env["crm.lead"].search(action["domain"]), lead)
