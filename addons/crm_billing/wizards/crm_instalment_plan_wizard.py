from datetime import timedelta
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.crm_instalment_plan import MOST_INSTALMENTS, split_due


class CrmInstalmentPlanWizard(models.TransientModel):
    """From invoices to a plan in equal parts, whose rows can be edited afterwards."""

    _name = "crm.instalment.plan.wizard"
    _description = "New Instalment Plan"

    move_ids = fields.Many2many("account.move", string="Invoices", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_amount_total")
    currency_id = fields.Many2one("res.currency", compute="_compute_amount_total")
    amount_total = fields.Monetary(string="To Share", compute="_compute_amount_total")
    count = fields.Integer(string="Number of Instalments", default=3, required=True)
    date_first = fields.Date(
        string="First Instalment",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=7),
    )
    every = fields.Integer(default=1, required=True)
    unit = fields.Selection(
        [("month", "months"), ("week", "weeks"), ("day", "days")],
        default="month",
        required=True,
    )

    _count_range = models.Constraint(
        f"CHECK(count BETWEEN 1 AND {MOST_INSTALMENTS})",
        f"A plan has 1 to {MOST_INSTALMENTS} instalments.",
    )
    _every_range = models.Constraint(
        "CHECK(every BETWEEN 1 AND 366)", "The interval is between 1 and 366."
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "account.move":
            moves = self.env["account.move"].browse(self.env.context["active_ids"])
            values["move_ids"] = [Command.set(moves.ids)]
        return values

    @api.depends("move_ids")
    def _compute_amount_total(self):
        for wizard in self:
            moves = wizard.move_ids
            wizard.company_id = moves.company_id[:1]
            wizard.currency_id = moves.currency_id[:1]
            wizard.amount_total = sum(moves.mapped("amount_residual"))

    def action_create_plan(self):
        """Write the plan, to be read again, corrected and proposed."""
        self.ensure_one()
        moves = self.move_ids
        moves._check_billing_right()
        moves.check_access("read")
        moves._check_plan_possible()
        try:
            rows = split_due(
                Decimal(str(self.amount_total)),
                self.currency_id.decimal_places,
                self.count,
                (self.date_first, self.every, self.unit),
            )
        except ValueError:
            raise UserError(
                self.env._("There is less to share than there are instalments.")
            ) from None
        plan = self.env["crm.instalment.plan"].create(
            {
                "company_id": moves.company_id[:1].id,
                "partner_id": moves.commercial_partner_id[:1].id,
                "currency_id": moves.currency_id[:1].id,
                "move_ids": [Command.set(moves.ids)],
                "instalment_ids": [
                    Command.create(
                        {"sequence": place, "date_due": day, "amount": float(amount)}
                    )
                    for place, (day, amount) in enumerate(rows, start=1)
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.instalment.plan",
            "res_id": plan.id,
            "views": [(False, "form")],
            "target": "current",
        }
