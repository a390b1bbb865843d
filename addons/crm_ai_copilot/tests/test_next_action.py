from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common import CopilotCase, look


@tagged("post_install", "-at_install")
class TestNextAction(CopilotCase):
    def refresh(self, lead=None):
        (lead or self.lead)._refresh_next_actions()
        return (lead or self.lead).next_action_ids

    def proposed(self, lead=None):
        return self.refresh(lead).filtered("is_best").with_user(self.seller)

    def test_a_silent_quote_is_proposed_with_its_reason(self):
        quote = self.make_quote(self.lead, sent_days_ago=9)
        self.age(self.lead, 12)
        actions = self.refresh()
        reminder = actions.filtered(lambda action: action.kind == "quote_reminder")
        self.assertIn(quote.name, reminder.reason)
        self.assertIn("9", reminder.reason)
        self.assertEqual(len(actions.filtered("is_best")), 1)
        today = fields.Date.context_today(self.lead)
        for action in actions:
            self.assertTrue(today <= action.due_on <= today + timedelta(days=5))

    def test_the_best_is_worth_the_most(self):
        self.make_quote(self.lead, sent_days_ago=9)
        self.age(self.lead, 30)
        actions = self.refresh()
        self.assertGreater(len(actions), 1)
        best = actions.filtered("is_best")
        self.assertEqual(best.value, max(actions.mapped("value")))
        self.assertEqual(self.lead.next_action_id, best)

    def test_a_client_who_waits_comes_first(self):
        self.receive(self.lead, "<p>Pouvez-vous m’en dire plus ?</p>", days_ago=2)
        self.assertEqual(self.proposed().kind, "reply")

    def test_looking_twice_changes_nothing(self):
        self.age(self.lead, 30)
        first = self.refresh()
        stamp = first.mapped("write_date")
        self.assertEqual(self.refresh(), first)
        self.assertEqual(first.mapped("write_date"), stamp)

    def test_a_reason_that_is_gone_expires(self):
        self.age(self.lead, 30)
        actions = self.refresh()
        self.assertTrue(actions)
        self.lead.action_set_won()
        self.refresh()
        self.assertEqual(set(actions.mapped("state")), {"expired"})
        self.assertFalse(self.lead.next_action_id)

    def test_accepting_plans_the_activity_and_leaves_a_row(self):
        self.age(self.lead, 30)
        action = self.proposed()
        action.action_accept()
        self.assertEqual(action.state, "accepted")
        self.assertEqual(action.decided_by_id, self.seller)
        activity = self.lead.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.date_deadline, action.due_on)
        self.assertEqual(activity.user_id, self.seller)
        call = self.env["crm.ai.call"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        )
        self.assertEqual(call.feature_id.code, "copilot.next_action")
        self.assertEqual(call.decision, "accepted")
        self.assertTrue(call.purge_date)

    def test_an_answer_is_given_once(self):
        self.age(self.lead, 30)
        action = self.proposed()
        action.action_accept()
        with self.assertRaises(UserError):
            action.action_accept()
        with self.assertRaises(UserError):
            action.action_dismiss("wrong")
        self.assertEqual(len(self.lead.activity_ids), 1)

    def test_a_mail_step_opens_the_composer(self):
        self.receive(self.lead, "<p>Alors ?</p>", days_ago=2)
        opened = self.proposed().action_accept()
        self.assertEqual(opened["res_model"], "mail.compose.message")
        self.assertEqual(opened["context"]["default_crm_ai_kind"], "reply")
        self.assertEqual(
            opened["context"]["default_crm_ai_activity_id"], self.lead.activity_ids.id
        )

    def accept_quote_step(self, lead=None):
        lead = lead or self.lead
        values = {
            "lead_id": lead.id,
            "kind": "quote",
            "reason": "Faites un devis",
            "due_on": fields.Date.today(),
        }
        action = self.env["crm.next.action"].create(values)
        return action.with_user(self.seller).action_accept()

    def test_a_quote_step_opens_a_new_quotation_of_the_deal(self):
        opened = self.accept_quote_step()
        self.assertEqual(opened["res_model"], "sale.order")
        self.assertFalse(opened.get("res_id"))
        context = opened["context"]
        self.assertEqual(context["default_opportunity_id"], self.lead.id)
        self.assertEqual(context["default_partner_id"], self.client.id)

    def test_a_quote_step_opens_the_quotation_it_speaks_of(self):
        cancelled, draft = (
            self.make_quote(self.lead, sent_days_ago=None) for _number in range(2)
        )
        cancelled.state = "cancel"
        opened = self.accept_quote_step()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("sale.order", draft.id)
        )
        past = fields.Date.today() - timedelta(days=1)
        draft.write({"state": "sent", "validity_date": past})
        self.assertEqual(self.accept_quote_step()["res_id"], draft.id)
        # A running one is no reason to write in it.
        draft.validity_date = False
        self.assertFalse(self.accept_quote_step().get("res_id"))

    def test_a_quote_step_opens_no_quotation_of_a_colleague(self):
        draft = self.make_quote(self.lead, sent_days_ago=None)
        draft.user_id = self.colleague
        self.assertFalse(self.accept_quote_step().get("res_id"))

    def test_without_a_client_a_quote_step_asks_for_him(self):
        lead = self.make_lead("Sans client", None)
        opened = self.accept_quote_step(lead)
        self.assertEqual(opened["res_model"], "crm.quotation.partner")

    def test_dismissed_with_a_reason_it_stays_away(self):
        self.age(self.lead, 30)
        action = self.proposed()
        rule = action.rule_id
        action.action_dismiss("wrong", "Déjà client")
        self.assertEqual((action.state, action.dismiss_reason), ("dismissed", "wrong"))
        self.assertNotIn(rule, self.refresh().rule_id)
        with self.assertRaises(UserError):
            self.proposed().action_dismiss("nonsense")

    def test_snoozed_it_comes_back(self):
        self.age(self.lead, 30)
        action = self.proposed()
        rule = action.rule_id
        action.action_snooze()
        self.assertEqual(action.state, "snoozed")
        self.assertNotIn(rule, self.refresh().rule_id)
        later = fields.Datetime.now() + timedelta(days=4)
        with freeze_time(later):
            self.assertIn(rule, self.refresh().rule_id)

    def test_the_dismissal_window(self):
        self.age(self.lead, 30)
        action = self.proposed()
        context = action.action_ask_reason()["context"]
        wizard = action.env["crm.next.action.dismiss"].with_context(**context)
        wizard.create({"reason": "later"}).action_confirm()
        self.assertEqual(action.dismiss_reason, "later")

    def test_a_change_asks_for_one_job(self):
        self.age(self.lead, 30)
        self.env.cr.precommit.run()
        with trap_jobs() as trap:
            self.lead.expected_revenue = 20000
            self.lead.date_deadline = fields.Date.today()
            self.lead.activity_schedule("mail.mail_activity_data_todo")
            self.env.cr.precommit.run()
            trap.assert_jobs_count(1, only=self.lead._job_refresh_next_actions)
            trap.perform_enqueued_jobs()
        self.assertTrue(self.lead.next_action_ids)

    def test_the_nightly_round_looks_at_open_deals_only(self):
        won = self.make_lead("Gagnée", self.client)
        won.action_set_won()
        with trap_jobs() as trap:
            self.env["crm.lead"]._cron_refresh_next_actions()
            jobs = [
                job
                for job in trap.enqueued_jobs
                if job.method_name.startswith("_job_refresh")
            ]
        leads = self.env["crm.lead"].union(*[job.recordset for job in jobs])
        self.assertIn(self.lead, leads)
        self.assertNotIn(won, leads)

    def test_a_probability_that_moves_is_noticed(self):
        self.lead.probability = 20
        self.refresh()
        self.lead.probability = 45
        state = look(self.lead)
        self.assertEqual(state.score_change, 25)
        self.assertEqual(state.score_move, "rose")

    def test_another_giver_of_probabilities_is_no_move(self):
        self.lead.probability = 20
        self.refresh()
        pulse = self.env["crm.deal.pulse"].search([("lead_id", "=", self.lead.id)])
        pulse.source = "somebody else"
        self.lead.probability = 45
        state = look(self.lead)
        self.assertEqual(state.score_move, "still")
        self.refresh()
        self.assertEqual((pulse.probability, pulse.source), (45, "odoo"))

    def test_a_promise_is_read_in_our_notes(self):
        self.lead.with_user(self.seller).message_post(
            body="Je vous envoie le planning demain.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        ).sudo().date = fields.Datetime.now() - timedelta(days=2)
        self.refresh()
        rule = self.env.ref("crm_ai_copilot.crm_next_action_rule_promise")
        action = self.lead.next_action_ids.filtered(lambda a: a.rule_id == rule)
        self.assertIn("planning", action.reason)

    def test_the_table_is_edited_within_limits(self):
        rule = self.env.ref("crm_ai_copilot.crm_next_action_rule_silent")
        with self.assertRaises(ValidationError):
            rule.reason = "Bonjour {nobody}"
        with self.assertRaises(ValidationError):
            rule.due_days = 9
        rule.reason = "Silence de {silence}."
        self.age(self.lead, 30)
        self.assertIn("Silence de 30", " ".join(self.refresh().mapped("reason")))

    def test_history_corrects_the_gain(self):
        rule = self.env.ref("crm_ai_copilot.crm_next_action_rule_silent")
        lost = self.env["crm.lost.reason"].create({"name": "Prix"})
        leads = self.env["crm.lead"]
        for number in range(50):
            leads |= self.make_lead(f"Affaire {number}", self.client, 100)
        for number, lead in enumerate(leads):
            taken, won = number < 25, number % 25 < (20 if number < 25 else 5)
            self.env["crm.next.action"].create(
                {
                    "lead_id": lead.id,
                    "rule_id": rule.id,
                    "kind": "follow_up",
                    "reason": "x",
                    "due_on": fields.Date.today(),
                    "state": "accepted" if taken else "expired",
                }
            )
            if won:
                lead.action_set_won()
            else:
                lead.action_set_lost(lost_reason_id=lost.id)
        self.env["crm.next.action.rule"]._learn_gains()
        self.assertTrue(rule.is_learned)
        # 60 points seen over 25 outcomes, 6 believed with the weight of 40.
        self.assertAlmostEqual(rule.learned_points, (60 * 25 + 6 * 40) / 65, places=1)
