"""An agency with deals, quotations and mails, for the tests of the copilot."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import html_sanitize


def look(lead):
    """Return what the rules see of a deal now."""
    chances = lead._get_deal_chances()
    moves = lead.env["crm.deal.pulse"]._find(lead)._get_moves(chances)
    return lead._prepare_deal_states(chances, moves)[lead.id]


class CopilotCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=False, lang="en_US")
        )
        cls.company = cls.env["res.company"].create(
            {
                "name": "Agence Lumen",
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )
        cls.env.ref("base.EUR").active = True
        groups = "crm_base.crm_base_group_seller"
        cls.seller = cls.make_user("copilot_lucas", "Lucas Martin", groups)
        cls.colleague = cls.make_user("copilot_marie", "Marie Roche", groups)
        cls.manager = cls.make_user(
            "copilot_sophie", "Sophie Durand", "crm_base.crm_base_group_admin"
        )
        cls.stage = cls.env["crm.stage"].create({"name": "Proposition"})
        cls.client = cls.env["res.partner"].create(
            {
                "name": "Henri Dupont",
                "email": "henri.dupont@biotech.example",
                "phone": "+33 1 44 55 66 77",
                "parent_id": cls.env["res.partner"]
                .create({"name": "Biotech SA", "is_company": True})
                .id,
            }
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Refonte du site", "type": "service", "list_price": 15000}
        )
        cls.lead = cls.make_lead("Biotech - refonte", cls.client, 15000)
        # Texts are French whatever the language of the tests.
        cls.env["crm.ai.route"].search([]).unlink()

    @classmethod
    def make_user(cls, login, name, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            name=name,
            email=f"{login}@lumen.example",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            tz="Europe/Paris",
        )

    @classmethod
    def make_lead(cls, name, partner, amount=0, user=None, **values):
        return (
            cls.env["crm.lead"]
            .with_context(mail_create_nosubscribe=True)
            .create(
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": partner.id if partner else False,
                    "user_id": (user or cls.seller).id,
                    "team_id": False,
                    "company_id": cls.company.id,
                    "stage_id": cls.stage.id,
                    "expected_revenue": amount,
                    **values,
                }
            )
        )

    @classmethod
    def make_quote(cls, lead, price=15000, sent_days_ago=7, **values):
        order = cls.env["sale.order"].create(
            {
                "partner_id": lead.partner_id.id,
                "opportunity_id": lead.id,
                "company_id": cls.company.id,
                "user_id": lead.user_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": cls.product.id,
                            "price_unit": price,
                            "tax_ids": [(5,)],
                        },
                    )
                ],
                **values,
            }
        )
        if sent_days_ago is not None:
            order.write(
                {
                    "state": "sent",
                    "date_order": fields.Datetime.now() - timedelta(days=sent_days_ago),
                }
            )
        return order

    @classmethod
    def age(cls, lead, days):
        """Have a deal sleep: created, moved and written about that long ago."""
        moment = fields.Datetime.now() - timedelta(days=days)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s, date_last_stage_update = %s"
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

    @classmethod
    def receive(cls, lead, body, days_ago=0, **values):
        """Have the client write."""
        message = lead.message_post(
            body=html_sanitize(body),
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=lead.partner_id.id,
            **values,
        )
        message.date = datetime.now() - timedelta(days=days_ago)
        return message

    @classmethod
    def ask(cls, feature, lead, user=None, **params):
        """Return a draft by the rules, as its asker."""
        calls = lead.with_user(user or cls.seller).env["crm.ai.call"]
        record = lead.with_user(user or cls.seller)
        return calls._create_call(feature, record, params)._answer_now()

    @classmethod
    def answer_with(cls, call, result):
        """Have a model have answered."""
        call.sudo().write(
            {
                "state": "done",
                "answered_by": "model",
                "model": "essai",
                "result_text": result.model_dump_json(),
            }
        )
        call._get_task()._on_answer(call, result)
        return call
