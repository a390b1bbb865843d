from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

QUIET = {"tracking_disable": True, "no_score": True, "mail_create_nosubscribe": True}


class ScoreMixin:
    """A company with its people, its stages and as many closed deals as needed."""

    @classmethod
    def set_up_scores(cls):
        cls.company = cls.env["res.company"].create({"name": "Agence Score"})
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "lang": "en_US",
            }
        )
        cls.seller = cls.make_user("lea", "crm_base.crm_base_group_seller")
        cls.colleague = cls.make_user("max", "crm_base.crm_base_group_seller")
        cls.manager = cls.make_user("ines", "crm_base.crm_base_group_admin")
        cls.team = cls.env["crm.team"].create(
            {"name": "Equipe Score", "company_id": cls.company.id}
        )
        cls.first, cls.second, cls.won_stage = cls.env["crm.stage"].create(
            [
                {"name": "Contact", "sequence": 1, "team_ids": cls.team.ids},
                {"name": "Proposition", "sequence": 2, "team_ids": cls.team.ids},
                {
                    "name": "Gagné",
                    "sequence": 9,
                    "is_won": True,
                    "team_ids": cls.team.ids,
                },
            ]
        )
        cls.good, cls.bad = cls.env["utm.source"].create(
            [{"name": "Recommandation"}, {"name": "Annuaire"}]
        )
        cls.engine = cls.env["crm.score.engine"]

    @classmethod
    def make_user(cls, login, *groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            f"{login}_score",
            groups=",".join(groups),
            lang="en_US",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def make_lead(cls, **values):
        defaults = {
            "name": "Refonte du site",
            "type": "opportunity",
            "company_id": cls.company.id,
            "team_id": cls.team.id,
            "stage_id": cls.first.id,
            "user_id": cls.seller.id,
        }
        return cls.make_leads([{**defaults, **values}])

    @classmethod
    def make_leads(cls, vals_list):
        leads = cls.env["crm.lead"]
        defaults = leads.with_context(**QUIET)
        base = {
            "name": "Ancienne affaire",
            "type": "opportunity",
            "company_id": cls.company.id,
            "team_id": cls.team.id,
            "stage_id": cls.first.id,
            "user_id": cls.seller.id,
        }
        made = defaults.create([{**base, **values} for values in vals_list])
        return leads.browse(made.ids)

    @classmethod
    def close(cls, leads, is_won, opened: datetime, closed: datetime):
        """Close deals in the past, as Odoo would have."""
        leads.flush_recordset()
        cls.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET create_date = %s, date_closed = %s,"
                " date_last_stage_update = %s, won_status = %s, active = %s,"
                " probability = %s, stage_id = %s WHERE id = ANY(%s)",
                opened,
                closed,
                closed,
                "won" if is_won else "lost",
                is_won,
                100 if is_won else 0,
                cls.won_stage.id if is_won else cls.first.id,
                leads.ids,
            )
        )
        leads.invalidate_recordset()

    @classmethod
    def make_history(cls, count=240):
        """Closed deals: recommended ones are won 4 times in 5, the others 1 in 5."""
        leads = cls.make_leads(
            [
                {
                    "source_id": (cls.good if n % 2 else cls.bad).id,
                    "phone": "+33 1 23 45 67 89" if n % 3 else False,
                    "expected_revenue": 1000 + 37 * (n % 50),
                }
                for n in range(count)
            ]
        )
        now = fields.Datetime.now()
        for number, lead in enumerate(leads):
            is_rare = (number // 2) % 5 == 0
            is_won = bool(number % 2) != is_rare
            opened = now - timedelta(days=400 - number, hours=number % 24)
            cls.close(lead, is_won, opened, opened + timedelta(days=20 + number % 30))
        return leads

    @classmethod
    def say(cls, lead, at, author=None, **values):
        """A message of the client (or of somebody) at a moment of the past."""
        client = lead.partner_id or cls.env["res.partner"].create({"name": "Client"})
        return (
            cls.env["mail.message"]
            .with_context(**QUIET)
            .create(
                {
                    "model": "crm.lead",
                    "res_id": lead.id,
                    "message_type": "email",
                    "subtype_id": cls.env.ref("mail.mt_comment").id,
                    "author_id": (author or client).id,
                    "body": "<p>Bonjour</p>",
                    "date": at,
                    **values,
                }
            )
        )

    def score(self, leads):
        leads._score_now()
        return leads


class ScoreCase(ScoreMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_scores()
