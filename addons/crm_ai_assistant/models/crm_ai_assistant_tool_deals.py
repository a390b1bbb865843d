from datetime import datetime, time

import pytz

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..lib.periods import bounds

ROWS = 8
SCANNED = 5000
LINKED = 1000
MOVED = "date_last_stage_update"
ALL_DEALS = "sales_team.group_sale_salesman_all_leads"
GROUPS = {
    "stage": "stage_id",
    "owner": "user_id",
    "source": "source_id",
    "lost_reason": "lost_reason_id",
}


class CrmAiAssistantTool(models.AbstractModel):
    """Deals: listed, counted, read."""

    _inherit = "crm.ai.assistant.tool"

    def _tool_find_deals(self, turn, args) -> dict:
        domain, facts = self._prepare_deals(args)
        leads = self.env["crm.lead"].with_context(active_test=False)
        order = (
            "create_date desc" if args.kind == "new" else "expected_revenue desc, id"
        )
        if args.idle_days is not None:
            found, idle = self._find_idle(leads.search(domain, limit=SCANNED), args)
            total = sum(found.mapped("expected_revenue"))
            weighted = sum(found.mapped("prorated_revenue"))
            facts |= {"count": len(found), "idle_days": args.idle_days}
        else:
            found, idle = leads.search(domain, order=order, limit=LINKED), {}
            [(count, total, weighted)] = leads._read_group(
                domain, [], ["__count", "expected_revenue:sum", "prorated_revenue:sum"]
            )
            facts["count"] = count
        if found:
            label = (
                self.env._("Show these deals (%s)", facts["count"])
                if args.idle_days is None
                else self.env._("Show the idle deals (%s)", facts["count"])
            )
            turn._add_link(label, model="crm.lead", ids=found[:LINKED].ids)
        return {
            **facts,
            "total": self._format(total),
            "weighted": self._format(weighted),
            "rows": [self._prepare_deal(lead, idle) for lead in found[:ROWS]],
        }

    def _find_idle(self, leads, args):
        """Return the idle ones, the longest first, and their days."""
        today = fields.Date.context_today(self)
        days = {
            lead_id: (today - day).days
            for lead_id, day in leads._find_last_touches(MOVED).items()
        }
        idle = leads.filtered(lambda lead: days[lead.id] > args.idle_days)
        idle = idle.sorted(lambda lead: (-days[lead.id], -lead.expected_revenue))
        return idle, days

    def _prepare_deal(self, lead, idle) -> dict:
        row = {
            "ref": self._handle(lead),
            "amount": self._format(lead.expected_revenue),
            "stage": lead.stage_id.name or "",
            "client": self._handle(lead.partner_id),
            "owner": self._handle(lead.user_id),
        }
        if lead.date_deadline:
            row["closing"] = lead.date_deadline.isoformat()
        if lead.id in idle:
            row["idle_days"] = idle[lead.id]
        return row

    def _tool_count_deals(self, turn, args) -> dict:
        domain, facts = self._prepare_deals(args)
        leads = self.env["crm.lead"].with_context(active_test=False)
        field = GROUPS.get(args.group_by) or f"{self._date_field(args.kind)}:month"
        rows = leads._read_group(
            domain, [field], ["__count", "expected_revenue:sum"], limit=20
        )
        none = self.env._("None")

        def label(value):
            if not value:
                return none
            if isinstance(value, models.BaseModel):
                is_person = value._name == "res.users"
                return self._handle(value) if is_person else value.display_name
            return value.strftime("%m/%Y")

        counted = [
            {"label": label(value), "count": count, "amount": self._format(total)}
            for value, count, total in rows
        ]
        return {
            **facts,
            "count": sum(row[1] for row in rows),
            "total": self._format(sum(row[2] or 0 for row in rows)),
            "rows": sorted(counted, key=lambda row: -row["count"]),
        }

    def _tool_read_deal(self, turn, args) -> dict:
        record = self._get_by_handle(args.record)
        if record._name == "res.partner":
            return self._read_client(record)
        today = fields.Date.context_today(self)
        idle = (today - record._find_last_touches(MOVED)[record.id]).days
        activity = record.activity_ids.sorted("date_deadline")[:1]
        facts = self._prepare_deal(record, {record.id: idle})
        return {
            **facts,
            "probability_pct": round(record.probability or 0, 1),
            "created": record.create_date.date().isoformat(),
            "source": record.source_id.name or "",
            "tags": record.tag_ids.mapped("name"),
            "next_activity": activity.activity_type_id.name or "",
            "next_activity_date": (
                activity.date_deadline.isoformat() if activity else ""
            ),
        }

    # === Conditions === #

    def _date_field(self, kind: str) -> str:
        fields_by_kind = {"open": "date_deadline", "new": "create_date"}
        return fields_by_kind.get(kind, "date_closed")

    def _prepare_deals(self, args):
        """Return the domain of a question, and what the answer says of its scope."""
        company = self.env.company
        domain = Domain("company_id", "in", [False, company.id])
        if args.kind != "new":
            status = {"open": "pending"}.get(args.kind, args.kind)
            domain &= Domain("type", "=", "opportunity")
            domain &= Domain("won_status", "=", status)
            domain &= Domain("active", "=", args.kind != "lost")
        facts = {"kind": args.kind}
        owners = self._find_owners(args)
        if owners is not None:
            domain &= Domain("user_id", "in", owners.ids)
            if args.owner_name:
                facts["owner_name"] = self._handle(owners[:1])
        elif not self.env.user.has_group(ALL_DEALS):
            facts["scope"] = self.env._("among the deals you may see")
        if args.period:
            domain &= self._prepare_period(args)
            facts["period"] = args.period
        if args.stage:
            domain &= Domain("stage_id.name", "ilike", args.stage)
        if args.only_priority:
            domain &= Domain("priority", "in", ["2", "3"])
        if args.words:
            domain &= Domain.OR(
                Domain(name, "ilike", args.words)
                for name in ("name", "partner_id.name", "partner_name")
            )
        return domain, facts

    def _find_owners(self, args):
        """Return the sellers a question is about, None for all that may be seen.

        :raise UserError: not this person's business, or nobody of that name
        """
        user = self.env.user
        if args.owner_name:
            owners = self.env["res.users"].search(
                [("name", "ilike", args.owner_name), ("share", "=", False)], limit=5
            )
            if not owners:
                raise UserError(
                    self.env._("I know no seller named %s.", args.owner_name)
                )
            if owners != user and not user.has_group(ALL_DEALS):
                who = self._handle(owners[0])
                raise UserError(
                    self.env._("You have no access to the deals of %s.", who)
                )
            return owners
        return user if args.owner == "me" else None

    def _prepare_period(self, args):
        """Return the condition on the day that matters for the kind of deal."""
        first, end = bounds(args.period, fields.Date.context_today(self))
        name = self._date_field(args.kind)
        if name != "date_deadline":
            zone = pytz.timezone(self.env.user.tz or "Europe/Paris")
            first, end = (
                zone.localize(datetime.combine(day, time.min))
                .astimezone(pytz.utc)
                .replace(tzinfo=None)
                for day in (first, end)
            )
        return Domain(name, ">=", first) & Domain(name, "<", end)
