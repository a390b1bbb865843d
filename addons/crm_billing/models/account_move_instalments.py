from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    instalment_plan_ids = fields.Many2many(
        "crm.instalment.plan",
        "crm_instalment_plan_move_rel",
        "move_id",
        "plan_id",
        string="Instalment Plans",
        readonly=True,
        copy=False,
    )
    instalment_plan_id = fields.Many2one(
        "crm.instalment.plan",
        compute="_compute_instalment_plan_id",
        store=True,
        index="btree_not_null",
        help="The plan that rules now; empty when there is none.",
    )

    instalment_plan_count = fields.Integer(compute="_compute_instalment_plan_count")

    @api.depends("instalment_plan_ids")
    def _compute_instalment_plan_count(self):
        for move in self:
            move.instalment_plan_count = len(move.instalment_plan_ids)

    @api.depends("instalment_plan_ids.state")
    def _compute_instalment_plan_id(self):
        for move in self:
            plans = move.instalment_plan_ids
            move.instalment_plan_id = plans.filtered(lambda p: p.state == "agreed")[:1]

    def _check_plan_possible(self):
        """Refuse a plan for what nobody owes, or owes already in another plan."""
        for move in self:
            if trouble := move._get_payment_link_trouble():
                raise UserError(trouble)

    def action_new_instalment_plan(self):
        """Choose the number of instalments and their dates."""
        self._check_billing_right()
        self._check_plan_possible()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay in Instalments"),
            "res_model": "crm.instalment.plan.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def action_view_instalment_plans(self):
        """Open the plans this invoice is or was in."""
        self.ensure_one()
        plans = self.instalment_plan_ids
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Instalment Plans"),
            "res_model": plans._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", plans.ids)],
        }
        if len(plans) == 1:
            action.update(res_id=plans.id, views=[(False, "form")])
        return action
