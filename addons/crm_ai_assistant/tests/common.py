"""A seller with deals, a colleague with others, and a scripted model."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests.common import TransactionCase, new_test_user

from odoo.addons.crm_ai.lib.messages import ModelAnswer, ToolCall, Usage
from odoo.addons.crm_ai.tests.common import ScriptedModel
from odoo.addons.crm_base.tests.common import SecretKeyMixin

SELLER = "crm_base.crm_base_group_seller"
OWN_DEALS = "sales_team.group_sale_salesman"
TURN = "crm.ai.assistant.turn"


def calls(*pairs):
    """What a model says when it asks for tools: (name, arguments) each."""
    asked = tuple(
        ToolCall(f"c{index}", name, arguments)
        for index, (name, arguments) in enumerate(pairs)
    )
    return ModelAnswer("", "tool", Usage(100, 10), asked, "scripted-1")


class AssistantCase(SecretKeyMixin, TransactionCase):
    """Deals of Marc: five idle for 12 500, two fresh ones for 3 000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company = cls.env.company
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.marc = cls._new_user("marc", "Marc Petit")
        cls.julie = cls._new_user("julie", "Julie Renard")
        # whatever else the database holds is none of their business
        cls.env["crm.lead"].search([]).user_id = cls.env.ref("base.user_admin")
        cls.client = cls.env["res.partner"].create(
            {"name": "Toitures Zébulon", "phone": "06 55 44 33 22", "city": "Lyon"}
        )
        cls.stage = cls.env["crm.stage"].create({"name": "Étape d'essai"})
        amounts = (5000, 3000, 2500, 1500, 500)
        cls.idle = cls.env["crm.lead"].concat(
            *(cls._new_deal(f"Dormante {n}", n, days=20) for n in amounts)
        )
        cls.fresh = cls.env["crm.lead"].concat(
            *(cls._new_deal(f"Vivante {n}", n, days=1) for n in (1000, 2000))
        )
        cls.hers = cls._new_deal("Secrète de Julie", 99999, days=40, user=cls.julie)

    @classmethod
    def _new_user(cls, login, name, groups=f"{SELLER},{OWN_DEALS}", **values):
        return new_test_user(
            cls.env, login=login, name=name, groups=groups, lang="fr_FR",
            tz="Europe/Paris", **values,
        )  # fmt: skip

    @classmethod
    def _new_deal(cls, name, amount, days, user=None, **values):
        lead = cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "expected_revenue": amount,
                "user_id": (user or cls.marc).id,
                "partner_id": cls.client.id,
                "stage_id": cls.stage.id,
                "company_id": cls.company.id,
                **values,
            }
        )
        moment = fields.Datetime.now() - timedelta(days=days)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_lead SET date_last_stage_update = %s, create_date = %s"
            " WHERE id = %s",
            [moment, moment, lead.id],
        )
        cls.env.cr.execute(
            "UPDATE mail_message SET date = %s"
            " WHERE model = 'crm.lead' AND res_id = %s",
            [moment, lead.id],
        )
        cls.env.invalidate_all()
        return lead

    def as_user(self, user):
        return self.env(user=user.id, context={"lang": "fr_FR", "tz": "Europe/Paris"})

    def ask(self, question, user=None):
        """Ask and have the answer; returns the turn as its person."""
        user = user or self.marc
        turn = self.as_user(user)[TURN]._ask(question)
        if turn.state == "waiting":
            self.run_call(turn.call_id)
        return turn

    def run_call(self, call):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            call.sudo()._job_run()
        self.env.invalidate_all()

    def use_model(self, *answers):
        """Set up a model for the assistant that says these, in order."""
        self.llm = ScriptedModel()
        self.llm.says(*answers)
        connections = type(self.env["crm.connection"])
        patcher = patch.object(
            connections, "_get_ai_client_class", lambda _self, _provider: self.llm
        )
        patcher.start()
        self.addCleanup(patcher.stop)
        connection = self.env["crm.connection"].create(
            {
                "name": "Modèle d'essai",
                "provider": "openai",
                "company_id": self.company.id,
                "base_url": "http://127.0.0.1:9/v1",
                "ai_model": "scripted",
                "ai_api_key": "k",
                "ai_is_local": True,
                "ai_is_masked": True,
                "state": "ok",
            }
        )
        self.env["crm.ai.route"].create(
            {
                "feature_id": self.env.ref("crm_ai_assistant.crm_ai_feature_chat").id,
                "connection_id": connection.id,
                "company_id": self.company.id,
            }
        )
        return connection
