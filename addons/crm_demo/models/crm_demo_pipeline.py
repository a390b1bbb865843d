from datetime import timedelta

from odoo import Command, models

from ..lib import history
from ..lib.workdays import instant, next_workday, previous_workday

ACTIVITIES = {
    "call": "mail.mail_activity_data_call",
    "email": "mail.mail_activity_data_email",
    "meeting": "mail.mail_activity_data_meeting",
    "todo": "mail.mail_activity_data_todo",
}


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_pipeline(self):
        """Create the 160 closed deals and the 30 open ones of the agency."""
        deals = self._get_closed_deals()
        leads = self.env["crm.lead"].create(
            [self._prepare_closed_deal(deal) for deal in deals]
        )
        self._remember("deal", [deal.key for deal in deals], leads)
        self._date_closed_deals(leads, deals)
        self._write_stage_history(
            leads,
            [deal.stages for deal in deals],
            [deal.lost_reason and deal.closed_at for deal in deals],
        )
        rows = self._read_table("open_deals")
        self._create_open_deals(rows)

    def _get_closed_deals(self):
        return history.make_closed_deals(
            history.Tables(
                quarters=self._read_table("quarters"),
                pinned=self._read_table("pinned_deals"),
                clients=self._read_table("clients"),
                subjects=self._read_table("subjects"),
                products=self._read_table("products"),
                lost_reasons=self._read_table("lost_reasons"),
                sources=self._read_table("sources"),
            ),
            self._get_today(),
        )

    def _prepare_deal(self, name, client, owner, stage, amount):
        user = self._recall("user", owner)
        return {
            "name": name,
            "type": "opportunity",
            "partner_id": self._recall_id("contact", client),
            "user_id": user.id,
            "company_id": user.company_id.id,
            "team_id": self._get_team(user).id,
            "stage_id": self._recall_id("stage", stage),
            "expected_revenue": amount,
        }

    def _get_team(self, user):
        is_freelance = user.company_id == self._recall("company", "nadia")
        return self._recall("team", "nadia" if is_freelance else "lumen")

    def _prepare_closed_deal(self, deal):
        tags = [self._recall_id("tag", deal.tag)] if deal.tag else []
        return self._prepare_deal(
            deal.name, deal.client, deal.owner, deal.last_stage, deal.amount_eur
        ) | {
            "source_id": self._recall_id("source", deal.source),
            "tag_ids": [Command.set(tags)],
            "lost_reason_id": self._recall_id("lost_reason", deal.lost_reason),
            "active": deal.is_won,
            "probability": 100 if deal.is_won else 0,
            "automated_probability": 100 if deal.is_won else 0,
            "date_deadline": deal.closed_at.date(),
        }

    def _date_closed_deals(self, leads, deals):
        self._date_deals(
            leads,
            [deal.opened_at for deal in deals],
            [deal.assigned_at for deal in deals],
            [deal.stages[-1][1] for deal in deals],
            [deal.closed_at for deal in deals],
        )

    def _date_deals(self, leads, opened, assigned, stage_entered, closed):
        """Back-date deals; ``closed`` holds None for the open ones."""
        user_ids = leads.user_id and [lead.user_id.id for lead in leads]
        touched = [
            done or entered for done, entered in zip(closed, stage_entered, strict=True)
        ]
        self._backdate(
            leads,
            {
                "create_date": opened,
                "create_uid": user_ids,
                "write_date": touched,
                "write_uid": user_ids,
                "date_conversion": opened,
                "date_open": assigned,
                "date_last_stage_update": stage_entered,
            },
        )
        are_closed = leads.filtered(lambda lead: lead.won_status != "pending")
        if are_closed:
            self._backdate(are_closed, {"date_closed": [day for day in closed if day]})
        for name in ("day_open", "day_close"):
            self.env.add_to_compute(leads._fields[name], leads)
        leads.flush_recordset()

    def _create_open_deals(self, rows):
        leads = self.env["crm.lead"].create([self._prepare_open_deal(r) for r in rows])
        self._remember("deal", [row["key"] for row in rows], leads)
        walks = [self._get_open_walk(row) for row in rows]
        self._date_deals(
            leads,
            [walk[0][1] for walk in walks],
            [walk[0][1] + timedelta(hours=2) for walk in walks],
            [walk[-1][1] for walk in walks],
            [None] * len(rows),
        )
        self._write_stage_history(leads, walks, [None] * len(rows))
        for lead, row in zip(leads, rows, strict=True):
            lead.message_subscribe(lead.user_id.partner_id.ids)
            if row["activity"]:
                self._plan_activity(lead, row)
            if row.get("note"):
                self._write_note(lead, row["note"], lead.date_last_stage_update)

    def _prepare_open_deal(self, row):
        tags = [self._recall_id("tag", row["tag"])] if row["tag"] else []
        closing_on = self._get_today() + timedelta(days=int(row["closing_days"]))
        return self._prepare_deal(
            row["name"],
            row["client"],
            row["owner"],
            row["stage"],
            int(row["amount_eur"]),
        ) | {
            "source_id": self._recall_id("source", row["source"]),
            "tag_ids": [Command.set(tags)],
            "priority": row["priority"],
            "date_deadline": next_workday(closing_on),
        }

    def _get_open_walk(self, row):
        """Spread the stages of an open deal evenly between its two known days."""
        steps = history.STEPS[: history.STEPS.index(row["stage"]) + 1]
        opened, entered = int(row["opened_days"]), int(row["stage_days"])
        span = max(len(steps) - 1, 1)
        today = self._get_today()
        return tuple(
            (
                step,
                instant(
                    previous_workday(
                        today
                        - timedelta(days=opened - (opened - entered) * rank // span)
                    ),
                    9 + rank,
                    15,
                ),
            )
            for rank, step in enumerate(steps)
        )

    def _plan_activity(self, lead, row):
        day = self._get_today() + timedelta(days=int(row["activity_days"]))
        day = (
            previous_workday(day)
            if int(row["activity_days"]) < 0
            else next_workday(day)
        )
        lead.activity_schedule(
            ACTIVITIES[row["activity"]],
            date_deadline=day,
            summary=row["activity_summary"],
            user_id=lead.user_id.id,
        )

    def _tell_scoring(self):
        """Let the core learn its success rates from the history just written."""
        first_day = min(deal.opened_at for deal in self._get_closed_deals()).date()
        self._set_parameter("crm.pls_start_date", first_day.isoformat())
        Lead = self.env["crm.lead"]
        Lead._rebuild_pls_frequency_table()
        Lead._update_automated_probabilities()
