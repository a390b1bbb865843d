from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

ROWS = 8


class CrmAiAssistantTool(models.AbstractModel):
    """Activities, meetings, clients."""

    _inherit = "crm.ai.assistant.tool"

    def _tool_list_activities(self, turn, args) -> dict:
        today = fields.Date.context_today(self)
        domain = Domain("user_id", "=", self.env.uid)
        last = {
            "late": today - timedelta(days=1),
            "today": today,
            "week": today + timedelta(days=7),
        }.get(args.when)
        if last:
            domain &= Domain("date_deadline", "<=", last)
        activities = self.env["mail.activity"].search(domain, order="date_deadline, id")
        rows = [
            {
                "ref": self._handle(activity),
                "kind": activity.activity_type_id.name or "",
                "date": activity.date_deadline.isoformat(),
                "is_late": activity.date_deadline < today,
            }
            for activity in activities[:ROWS]
        ]
        if activities:
            turn._add_link(self.env._("Open my activities"), screen="activities")
        return {
            "when": args.when,
            "count": len(activities),
            "late_count": len(activities.filtered(lambda a: a.date_deadline < today)),
            "rows": rows,
        }

    def _tool_list_meetings(self, turn, args) -> dict:
        now = fields.Datetime.now()
        days = max(1, min(args.days, 90))
        meetings = self.env["calendar.event"].search(
            [
                ("partner_ids", "in", self.env.user.partner_id.ids),
                ("start", ">=", now),
                ("start", "<", now + timedelta(days=days)),
            ],
            order="start, id",
        )
        rows = []
        for meeting in meetings[:ROWS]:
            start = fields.Datetime.context_timestamp(self, meeting.start)
            rows.append(
                {
                    "ref": self._handle(meeting),
                    "date": start.date().isoformat(),
                    "hour": start.strftime("%Hh%M"),
                    "all_day": meeting.allday,
                }
            )
        if meetings:
            turn._add_link(self.env._("Open the calendar"), screen="calendar")
        return {"days": days, "count": len(meetings), "rows": rows}

    def _tool_find_clients(self, turn, args) -> dict:
        words = args.words.strip()
        domain = Domain.OR(
            Domain(name, "ilike", words) for name in ("name", "email", "phone", "city")
        )
        partners = self.env["res.partner"]
        # employees and the company itself are no clients
        domain &= Domain("partner_share", "=", True)
        count = partners.search_count(domain) if len(words) > 1 else 0
        found = partners.search(domain, limit=ROWS) if count else partners
        deals = self._count_open_deals(found)
        if count:
            ids = partners.search(domain, limit=1000).ids
            turn._add_link(
                self.env._("Show these contacts (%s)", count),
                model="res.partner",
                ids=ids,
            )
        return {
            "words": words,
            "count": count,
            "rows": [
                {
                    "ref": self._handle(partner),
                    "city": partner.city or "",
                    "phone": partner.phone or "",
                    "email": partner.email_normalized or "",
                    "open_deals": deals.get(partner.id, 0),
                }
                for partner in found
            ],
        }

    def _count_open_deals(self, partners) -> dict:
        rows = self.env["crm.lead"]._read_group(
            [
                ("partner_id", "in", partners.ids),
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
            ],
            ["partner_id"],
            ["__count"],
        )
        return {partner.id: count for partner, count in rows}

    def _read_client(self, partner) -> dict:
        return {
            "ref": self._handle(partner),
            "company": self._handle(partner.commercial_partner_id),
            "city": partner.city or "",
            "phone": partner.phone or "",
            "email": partner.email_normalized or "",
            "open_deals": self._count_open_deals(partner).get(partner.id, 0),
        }
