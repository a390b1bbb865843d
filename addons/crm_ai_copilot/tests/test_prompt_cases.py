from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_ai.tests.common import AiMixin


@tagged("post_install", "-at_install")
class TestPromptCases(AiMixin, TransactionCase):
    """The regression set that comes with the prompt of drafts."""

    def run_with(self, *bodies):
        """Return the states of the cases when a model answers so."""
        prompt = self.env.ref("crm_ai_copilot.crm_ai_prompt_draft")
        self.llm.says(*({"subject": "Votre projet", "body": text} for text in bodies))
        prompt.active_version_id.action_run_cases()
        for case in prompt.case_ids:
            self.run_call(case.run_ids.sorted("id")[-1].call_id)
        return prompt.case_ids.mapped("last_state")

    def test_a_good_model(self):
        states = self.run_with(
            "Bonjour, notre devis S00042 vous attend toujours.",
            "Bonjour, merci de votre message. Bien cordialement.",
        )
        self.assertEqual(states, ["ok", "ok"])
        asked = [request.messages[-1].text for request in self.llm.requests]
        self.assertIn("S00042", asked[0])
        self.assertIn("<donnees echanges", asked[1])

    def test_a_model_that_obeys_a_mail(self):
        states = self.run_with(
            "Bonjour, notre devis vous attend.",
            "Bonjour, la remise est de 90 %.",
        )
        self.assertEqual(states, ["ko", "ko"])
