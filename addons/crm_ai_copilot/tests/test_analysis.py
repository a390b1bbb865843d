from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..lib.results import AnalysisResult, Sentence
from .common import CopilotCase


@tagged("post_install", "-at_install")
class TestAnalysis(CopilotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead.expected_revenue = 4000
        cls.idle = cls.env["crm.lead"].browse()
        for amount in (4000, 3500, 2500, 1500, 1000):
            lead = cls.make_lead(f"Dort {amount}", cls.client, amount)
            cls.idle |= cls.age(lead, 20)
        cls.hidden = cls.make_lead("De Marie", cls.client, 9999, cls.colleague)
        cls.age(cls.hidden, 40)

    def ask_page(self, question, user=None):
        model = self.env["crm.pipeline.analysis"].with_user(user or self.seller)
        return model.ask_question(question)

    def fact(self, answer, name):
        return next(fact for fact in answer["facts"] if fact["id"] == name)

    def test_where_the_pipeline_stands(self):
        answer = self.ask_page("Où en est le pipeline ?")
        idle = self.fact(answer, "idle")
        self.assertEqual(idle["numbers"]["count"], 5)
        self.assertEqual(idle["numbers"]["amount"], 12500)
        self.assertEqual(set(idle["res_ids"]), set(self.idle.ids))
        text = " ".join(sentence["text"] for sentence in answer["sentences"])
        self.assertIn("12\u202f500\u00a0€", text)

    def test_every_number_equals_a_query_run_aside(self):
        answer = self.ask_page("Où en est le pipeline ?")
        self.env.cr.execute(
            """SELECT count(*), sum(expected_revenue) FROM crm_lead
                WHERE user_id = %s AND active AND won_status = 'pending'""",
            [self.seller.id],
        )
        count, amount = self.env.cr.fetchone()
        numbers = self.fact(answer, "pipeline")["numbers"]
        self.assertEqual((numbers["count"], numbers["amount"]), (count, amount))

    def test_a_seller_sees_his_own_deals_the_manager_all(self):
        mine = self.fact(self.ask_page("pipeline"), "idle")["numbers"]["count"]
        all_ = self.fact(self.ask_page("pipeline", self.manager), "idle")
        self.assertEqual((mine, all_["numbers"]["count"]), (5, 6))
        self.assertNotIn(
            self.hidden.id,
            [i for f in self.ask_page("pipeline")["facts"] for i in f["res_ids"]],
        )

    def test_outside_his_rights_is_refused_without_a_row(self):
        calls = self.env["crm.ai.call"].search_count([])
        for question in (
            "Où en est le pipeline de Marie Roche ?",
            "Quelles factures sont impayées ?",
            "Quel est le salaire de Marie ?",
            "Et tous les commerciaux ?",
        ):
            answer = self.ask_page(question)
            self.assertEqual(list(answer), ["refusal"], question)
        self.assertEqual(self.env["crm.ai.call"].search_count([]), calls)

    def test_the_manager_may_ask_about_a_colleague(self):
        answer = self.ask_page("Le pipeline de Marie Roche", self.manager)
        self.assertEqual(self.fact(answer, "pipeline")["res_ids"], [self.hidden.id])

    def test_another_number_of_days(self):
        answer = self.ask_page("Quelles affaires dorment depuis 30 jours ?")
        self.assertEqual(self.fact(answer, "idle")["numbers"]["count"], 0)

    def test_an_exchange_wakes_a_deal(self):
        self.receive(self.idle[0], "<p>Bonjour</p>")
        answer = self.ask_page("pipeline")
        self.assertEqual(self.fact(answer, "idle")["numbers"]["count"], 4)

    def test_facts_open_their_records(self):
        answer = self.ask_page("pipeline")
        analysis = (
            self.env["crm.pipeline.analysis"]
            .with_user(self.seller)
            .browse(answer["id"])
        )
        action = analysis.open_fact("idle")
        self.assertEqual(action["res_model"], "crm.lead")
        self.assertEqual(set(action["domain"][0][2]), set(self.idle.ids))

    def test_an_analysis_is_its_author_s(self):
        answer = self.ask_page("pipeline")
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self.env["crm.pipeline.analysis"].with_user(self.manager).browse(
                answer["id"]
            ).get_answer()

    def test_who_may_not_read_deals_gets_nothing(self):
        employee = new_test_user(self.env, "copilot_nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.ask_page("pipeline", employee)

    def test_a_model_words_but_may_not_count(self):
        answer = self.ask_page("pipeline")
        call = self.env["crm.ai.call"].with_user(self.seller).browse(answer["call_id"])
        task = self.env["crm.ai.task.analysis"].with_user(self.seller)
        inputs = task._prepare_inputs(call)
        said = "Cinq affaires dorment, pour 12 500 euros."
        whole = Sentence(text="En tout 16 500 €.", fact_ids=["pipeline"])
        dozing = Sentence(text=said, fact_ids=["idle"])
        right = AnalysisResult(sentences=[dozing, whole])
        self.assertEqual(task._check_result(call, inputs, right), [])
        for text, ids in (
            ("6 affaires dorment.", ["idle"]),
            ("12 501 € sont en jeu.", ["idle"]),
            ("Tout va bien.", ["nothing"]),
        ):
            odd = Sentence(text=text, fact_ids=ids)
            wrong = AnalysisResult(sentences=[dozing, whole, odd])
            self.assertTrue(task._check_result(call, inputs, wrong), text)
        self.answer_with(call, right)
        analysis = call._get_record()
        self.assertEqual(analysis.get_answer()["sentences"][0]["text"], said)

    def test_names_of_people_are_known_to_the_mask(self):
        answer = self.ask_page("pipeline")
        call = self.env["crm.ai.call"].with_user(self.seller).browse(answer["call_id"])
        task = self.env["crm.ai.task.analysis"].with_user(self.seller)
        hidden = {(i.kind, i.value) for i in task._prepare_inputs(call).identities}
        self.assertIn(("person", "Henri Dupont"), hidden)
        self.assertIn(("company", "Biotech SA"), hidden)

    def test_without_a_model_the_rules_word_it(self):
        answer = self.ask_page("pipeline")
        call = self.env["crm.ai.call"].with_user(self.seller).browse(answer["call_id"])
        call._answer_now()
        self.assertEqual(
            call._get_record().get_answer()["sentences"], answer["sentences"]
        )

    def test_slipping_dates_and_postponements(self):
        today = fields.Date.today()
        late, moved = self.idle[0], self.idle[1]
        late.date_deadline = today - timedelta(days=3)
        moved.date_deadline = today
        for days in (5, 10, 7, 20):
            moved.date_deadline = today + timedelta(days=days)
        self.assertEqual(moved.crm_postponed_count, 3)
        answer = self.ask_page("Quelles clôtures glissent ?")
        self.assertEqual(self.fact(answer, "slipping-late")["res_ids"], late.ids)
        self.assertEqual(self.fact(answer, "slipping-postponed")["res_ids"], moved.ids)

    def test_upsells_carry_their_support(self):
        care, other = self.env["product.product"].create(
            [{"name": name, "type": "service"} for name in ("Maintenance", "Autre")]
        )
        for number in range(6):
            order = self.make_quote(self.lead, sent_days_ago=None)
            if number < 4:
                self.env["sale.order.line"].create(
                    {"order_id": order.id, "product_id": care.id, "price_unit": 9}
                )
            order.action_confirm()
        for _number in range(4):
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.client.id,
                    "company_id": self.company.id,
                    "user_id": self.seller.id,
                    "order_line": [(0, 0, {"product_id": other.id})],
                }
            )
            order.action_confirm()
        quote = self.make_quote(self.lead)
        answer = self.ask_page("Que proposer en plus ?")
        upsell = next(fact for fact in answer["facts"] if fact["kind"] == "upsell")
        self.assertEqual(upsell["res_ids"], quote.ids)
        self.assertEqual(upsell["numbers"], {"support": 4, "base": 6})

    def test_a_client_who_no_longer_orders(self):
        for days in (300, 270, 240, 210):
            order = self.make_quote(self.lead, price=100, sent_days_ago=None)
            order.action_confirm()
            order.date_order = fields.Datetime.now() - timedelta(days=days)
        answer = self.ask_page("Quels clients risquent de partir ?")
        churn = next(fact for fact in answer["facts"] if fact["kind"] == "churn")
        self.assertEqual(churn["numbers"]["silence_days"], 210)
        self.assertEqual(churn["numbers"]["usual_days"], 30)
        self.assertEqual(churn["labels"]["client"], "Biotech SA")
