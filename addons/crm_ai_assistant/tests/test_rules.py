from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import TURN, AssistantCase


@tagged("post_install", "-at_install")
class TestRules(AssistantCase):
    """With no model: the usual questions, answered in the click."""

    def text(self, turn):
        return html2plaintext(turn.answer).replace("\u00a0", " ").replace("\u202f", " ")

    def test_where_the_pipeline_stands(self):
        turn = self.ask("Où en est le pipeline ?")
        self.assertEqual(turn.state, "done")
        self.assertEqual(turn.call_id.answered_by, "rules")
        text = self.text(turn)
        self.assertIn("7 affaires ouvertes, pour 15 500 €", text)
        self.assertIn("5 affaires sans échange depuis plus de 14 jours", text)
        self.assertIn("12 500 €", text)
        for lead in self.idle:
            self.assertIn(f'data-oe-id="{lead.id}"', turn.answer)
            self.assertIn(lead.name, text)
        self.assertNotIn("non vérifié", text)
        self.assertEqual(len(turn.call_id.sudo().sources), 9)

    def test_the_idle_ones_open_in_a_list(self):
        turn = self.ask("Où en est le pipeline ?")
        action = turn.open_link(1)
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.idle.sorted("id", reverse=True) & found)
        self.assertEqual(found, self.env["crm.lead"].browse(found.ids) & self.idle)
        self.assertEqual(len(found), 5)

    def test_an_exchange_wakes_a_deal(self):
        self.idle[0].with_user(self.marc).message_post(
            body="Bonjour", message_type="comment"
        )
        text = self.text(self.ask("Quelles affaires dorment ?"))
        self.assertIn("4 affaires sans échange depuis plus de 14 jours", text)
        self.assertIn("7 500 €", text)

    def test_deals_won_and_lost(self):
        self.fresh[0].action_set_won()
        reason = self.env["crm.lost.reason"].create({"name": "Trop cher, vraiment"})
        self.fresh[1].action_set_lost(lost_reason_id=reason.id)
        won = self.text(self.ask("Qu'avons-nous gagné ce mois-ci ?"))
        self.assertIn("1 affaire gagnée ce mois-ci, pour 1 000 €", won)
        lost = self.text(self.ask("Affaires perdues cette semaine"))
        self.assertIn("1 affaire perdue cette semaine, pour 2 000 €", lost)
        reasons = self.text(self.ask("Quelles sont les raisons de perte ?"))
        self.assertIn("Trop cher, vraiment : 1 affaire, 2 000 €", reasons)

    def test_forecast_priority_new_and_groups(self):
        today = fields.Date.context_today(self.env.user)
        self.fresh[0].write({"date_deadline": today, "priority": "3"})
        forecast = self.text(self.ask("Quelle est la prévision du mois ?"))
        self.assertIn("1 affaire doit se conclure ce mois-ci, pour 1 000 €", forecast)
        priority = self.text(self.ask("Les affaires prioritaires"))
        self.assertIn("1 affaire prioritaire, pour 1 000 €", priority)
        stages = self.text(self.ask("Affaires par étape"))
        self.assertIn("Étape d'essai : 7 affaires, 15 500 €", stages)
        owners = self.text(self.ask("Affaires par vendeur"))
        self.assertIn("Marc Petit : 7 affaires", owners)
        new = self.text(self.ask("Les nouvelles pistes de l'année"))
        self.assertIn("nouvelles pistes", new)

    def test_activities_and_meetings(self):
        today = fields.Date.context_today(self.env.user)
        for days in (-3, 0, 2):
            self.idle[0].with_user(self.marc).activity_schedule(
                "mail.mail_activity_data_call",
                today + timedelta(days=days),
                summary=f"Rappel {days}",
                user_id=self.marc.id,
            )
        text = self.text(self.ask("Mes activités du jour"))
        self.assertIn("Vous avez 2 activités pour aujourd'hui, dont 1 en retard", text)
        self.assertIn("Rappel -3", text)
        self.env["calendar.event"].with_user(self.marc).create(
            {
                "name": "Visite du chantier",
                "start": fields.Datetime.now() + timedelta(days=2),
                "stop": fields.Datetime.now() + timedelta(days=2, hours=1),
                "partner_ids": [(6, 0, self.marc.partner_id.ids)],
            }
        )
        text = self.text(self.ask("Mes prochains rendez-vous"))
        self.assertIn("Visite du chantier", text)

    def test_a_client_is_found(self):
        turn = self.ask("Trouve le client Zébulon")
        text = self.text(turn)
        self.assertIn("1 fiche pour « Zébulon »", text)
        self.assertIn("Toitures Zébulon", text)
        self.assertIn("7 affaires ouvertes", text)
        self.assertIn("06 55 44 33 22", text)

    def test_how_to_comes_from_the_documentation(self):
        text = self.text(self.ask("Comment envoyer un lien de paiement ?"))
        self.assertIn("lien", text)
        self.assertNotIn("non vérifié", text)

    def test_anything_else_is_refused_politely(self):
        text = self.text(self.ask("Quelle est la capitale de l'Australie ?"))
        self.assertIn("je ne peux pas vous aider sur ce sujet", text)
        self.assertIn("Où en est le pipeline ?", text)

    def test_nothing_at_all_is_said_so(self):
        self.env["crm.lead"].search([("user_id", "=", self.marc.id)]).unlink()
        for question in (
            "Où en est le pipeline ?", "Affaires dormantes", "Mes affaires",
            "Mes activités", "Prévision", "Affaires par étape", "Raisons de perte",
            "Mes rendez-vous", "Qui est Personne Inconnue ?", "Nouvelles pistes",
        ):  # fmt: skip
            turn = self.ask(question)
            self.assertEqual(turn.state, "done", question)
            self.assertNotIn("non vérifié", turn.answer)

    def test_the_panel_shows_what_was_asked(self):
        turn = self.ask("Mes affaires")
        panel = self.as_user(self.marc)[TURN].get_panel()
        self.assertEqual([one["id"] for one in panel["turns"]], turn.ids)
        self.assertFalse(panel["has_model"])
        self.assertEqual(panel["turns"][0]["call"]["answered_by"], "rules")

    def test_old_conversations_go(self):
        old, new = self.ask("Mes affaires"), self.ask("Mes activités")
        days = self.company.crm_ai_text_days
        self.assertGreater(days, 0)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_ai_assistant_turn SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=days + 1), old.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_ai_assistant.ir_cron_purge_assistant"
            ).method_direct_trigger()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())

    def test_queries_do_not_grow_with_the_deals(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.ask("Où en est le pipeline ?")
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(40):
            self._new_deal(f"Autre {number}", 10, days=30)
        self.assertLessEqual(count(), few + 25)
