from odoo import api, fields, models


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
        string="Instalment Plan",
        compute="_compute_instalment_plan_id",
        store=True,
        index="btree_not_null",
        help="The plan that rules now; empty when there is none.",
    )

    @api.depends("instalment_plan_ids.state")
    def _compute_instalment_plan_id(self):
        for move in self:
            plans = move.instalment_plan_ids
            move.instalment_plan_id = plans.filtered(lambda p: p.state == "agreed")[:1]
