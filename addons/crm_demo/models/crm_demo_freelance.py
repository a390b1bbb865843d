from datetime import timedelta

from odoo import models

from ..lib import history
from ..lib.workdays import instant, previous_workday

CLOSED_STAGES = {"gagne", "perdu"}
LOST_FROM = "proposition"


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_freelance(self):
        """Tell the small business of Nadia Benali, in a company of her own."""
        nadia = self._recall("company", "nadia")
        rows = self._read_table("nadia_deals")
        self = self.with_company(nadia)
        leads = self.env["crm.lead"].create(
            [self._prepare_nadia_deal(row) for row in rows]
        )
        self._remember("deal", [row["key"] for row in rows], leads)
        walks = [self._get_nadia_walk(row) for row in rows]
        closed = [self._get_closing(row) for row in rows]
        self._date_deals(
            leads,
            [walk[0][1] for walk in walks],
            [walk[0][1] for walk in walks],
            [walk[-1][1] for walk in walks],
            closed,
        )
        lost = [
            instant_ if row["lost_reason"] else None
            for row, instant_ in zip(rows, closed, strict=True)
        ]
        self._write_stage_history(leads, walks, lost)
        for lead, row in zip(leads, rows, strict=True):
            if row["activity"]:
                self._plan_activity(lead, row)
        self._invoice_nadia(rows)

    def _prepare_nadia_deal(self, row):
        is_lost, is_won = row["stage"] == "perdu", row["stage"] == "gagne"
        stage = LOST_FROM if is_lost else row["stage"]
        values = self._prepare_deal(
            row["name"], row["client"], "nadia", stage, int(row["amount_eur"])
        )
        values["source_id"] = self._recall_id("source", row["source"])
        if is_lost:
            values["lost_reason_id"] = self._recall_id(
                "lost_reason", row["lost_reason"]
            )
        if is_lost or is_won:
            chance = 100 if is_won else 0
            return values | {
                "active": is_won,
                "probability": chance,
                "automated_probability": chance,
                "date_deadline": self._get_closing(row).date(),
            }
        return values | {"date_deadline": self._get_day(row["closing_days"])}

    def _get_closing(self, row):
        if not row["closed_days"]:
            return None
        day = self._get_today() - timedelta(days=int(row["closed_days"]))
        return instant(previous_workday(day), 16, 10)

    def _get_nadia_walk(self, row):
        """Spread the stages evenly from the opening to the closing, or to yesterday."""
        last = LOST_FROM if row["stage"] == "perdu" else row["stage"]
        steps = [*history.STEPS, history.WON]
        steps = steps[: steps.index(last) + 1]
        opened = int(row["opened_days"])
        ended = int(row["closed_days"] or 1)
        span = max(len(steps) - 1, 1)
        today = self._get_today()
        days = [
            previous_workday(
                today - timedelta(days=opened - (opened - ended) * n // span)
            )
            for n in range(len(steps))
        ]
        return tuple(
            (step, instant(day, 9 + rank, 40))
            for rank, (step, day) in enumerate(zip(steps, days, strict=True))
        )

    def _invoice_nadia(self, rows):
        invoiced = [row for row in rows if row["invoice"]]
        # Invoice numbers follow the dates.
        for row in sorted(invoiced, key=self._get_closing):
            closed_at = self._get_closing(row)
            plan = {
                "deal": row["key"],
                "date": closed_at,
                "mix": {"freelance": float(row["days"])},
            }
            order = self.env["sale.order"].create(self._prepare_order(plan))
            self._remember("order", [row["key"]], order)
            order.action_confirm()
            dates = {"create_date": [closed_at], "date_order": [closed_at]}
            self._backdate(order, dates)
            invoice = order._create_invoices()
            self._remember("invoice", [row["key"]], invoice)
            invoice.invoice_date = closed_at.date()
            if row["invoice"] != "draft":
                self._post_invoices(invoice)
            if row["invoice"] == "paid":
                paid_on = closed_at.date() + timedelta(days=21)
                self._pay_invoices([(invoice, paid_on, invoice.amount_residual)])
