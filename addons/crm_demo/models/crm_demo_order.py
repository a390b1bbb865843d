from datetime import datetime, timedelta

from odoo import Command, models

from ..lib import tables
from ..lib.order_numbers import number_orders
from ..lib.workdays import instant, previous_workday

VALIDITY_DAYS = 30
CANCELLED_COUNT = 4


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_order(self):
        """Create the quotes: confirmed, sent, expired, draft and cancelled."""
        plans = self._get_won_orders() + self._get_cancelled_quotes()
        plans += [self._plan_quote(row) for row in self._read_table("quotes")]
        plans.sort(key=lambda plan: plan["date"])
        names = number_orders([plan["name"] for plan in plans])
        orders = self.env["sale.order"].create(
            [
                self._prepare_order(plan, name)
                for plan, name in zip(plans, names, strict=True)
            ]
        )
        self._remember("order", [plan["deal"] for plan in plans], orders)
        self._settle_orders(orders, plans)
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "sale.order")], limit=1
        )
        sequence.number_next_actual = len(orders) + 1

    def _get_won_orders(self):
        return [
            {
                "name": "",
                "deal": deal.key,
                "state": "sale",
                "date": deal.closed_at,
                "mix": deal.mix,
            }
            for deal in self._get_closed_deals()
            if deal.is_won
        ]

    def _get_cancelled_quotes(self):
        """Return quotes of the newest deals that were lost once quoted."""
        quoted = [
            deal
            for deal in self._get_closed_deals()
            if not deal.is_won and deal.last_stage == "negociation"
        ]
        return [
            {
                "name": "",
                "deal": deal.key,
                "state": "cancel",
                "date": dict(deal.stages)["proposition"],
                "mix": deal.mix,
            }
            for deal in quoted[-CANCELLED_COUNT:]
        ]

    def _plan_quote(self, row):
        day = self._get_today() - timedelta(days=int(row["sent_days"]))
        return {
            "name": row["name"],
            "deal": row["deal"],
            "state": row["state"],
            "date": instant(previous_workday(day), 10, 20),
            "mix": tables.parse_mix(row["mix"]),
        }

    def _prepare_order(self, plan, name=None):
        deal = self._recall("deal", plan["deal"])
        ordered_at: datetime = plan["date"]
        return ({"name": name} if name else {}) | {
            "partner_id": deal.partner_id.commercial_partner_id.id,
            "opportunity_id": deal.id,
            "user_id": deal.user_id.id,
            "team_id": deal.team_id.id,
            "company_id": deal.company_id.id,
            "source_id": deal.source_id.id,
            "date_order": ordered_at,
            "validity_date": ordered_at.date() + timedelta(days=VALIDITY_DAYS),
            "client_order_ref": deal.name,
            "order_line": [
                Command.create(
                    {
                        "product_id": self._recall_id("product", product),
                        "product_uom_qty": days,
                    }
                )
                for product, days in plan["mix"].items()
            ],
        }

    def _settle_orders(self, orders, plans):
        """Bring each order to its state, then write its dates back."""
        dates = [plan["date"] for plan in plans]
        by_state = {
            state: orders.browse(
                [
                    order.id
                    for order, plan in zip(orders, plans, strict=True)
                    if plan["state"] == state
                ]
            )
            for state in ("sale", "sent", "cancel")
        }
        by_state["sale"].action_confirm()
        by_state["sent"].action_quotation_sent()
        by_state["cancel"]._action_cancel()
        user_ids = [order.user_id.id for order in orders]
        self._backdate(
            orders,
            {
                "create_date": dates,
                "create_uid": user_ids,
                "write_date": dates,
                "date_order": dates,
            },
        )
