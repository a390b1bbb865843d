from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..lib.dunning import find_next_step
from ..lib.dunning_facts import Action, Decision, Message, Reason

READERS = (
    "account.group_account_readonly,account.group_account_invoice,"
    "sales_team.group_sale_salesman,crm_base.crm_base_group_admin"
)


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_line_ids = fields.One2many(
        "crm.dunning.line", "move_id", string="Reminders", groups=READERS
    )
    dunning_pause_ids = fields.One2many(
        "crm.dunning.pause", "move_id", string="Pauses of Reminders", groups=READERS
    )
    dunning_next_step_id = fields.Many2one(
        "crm.dunning.step",
        string="Next Reminder",
        compute="_compute_dunning_next",
        groups=READERS,
    )
    dunning_next_on = fields.Date(
        string="Next Reminder On", compute="_compute_dunning_next", groups=READERS
    )
    dunning_situation = fields.Char(
        string="Reminders Now", compute="_compute_dunning_next", groups=READERS
    )
    dunning_count = fields.Integer(compute="_compute_dunning_count", groups=READERS)

    @api.depends("state", "amount_residual", "payment_state", "invoice_date_due")
    @api.depends_context("lang", "uid")
    def _compute_dunning_next(self):
        """Where each invoice stands; one set of queries for the whole list."""
        self.dunning_next_step_id = False
        self.dunning_next_on = False
        self.dunning_situation = False
        engine = self.env["crm.dunning.engine"]
        invoices = self.filtered(
            lambda m: m.id and m.state == "posted" and m.move_type == "out_invoice"
        )
        for company, moves in invoices.grouped("company_id").items():
            today = company._get_dunning_today()
            decisions = engine._decide_moves(company, moves, today)
            for move, decision in self._pick_next(decisions).items():
                move = self.browse(move)
                is_coming = decision.action != Action.NOTHING
                step = is_coming and decision.step and decision.step.key
                move.dunning_next_step_id = step
                leaves = decision.action in (Action.SEND, Action.TASK)
                move.dunning_next_on = today if leaves else decision.until
                move.dunning_situation = engine._explain(decision)

    def _pick_next(self, decisions):
        """Return {invoice id: the decision that comes first}."""
        first = {}
        for decision in decisions:
            move_id = decision.item.key[0]
            known = first.get(move_id)
            if not known or self._get_decision_rank(decision) < (
                self._get_decision_rank(known)
            ):
                first[move_id] = decision
        return {move_id: first[move_id] for move_id in first if move_id in self._ids}

    def _get_decision_rank(self, decision):
        order = list(Action).index(decision.action)
        return order, decision.until or fields.Date.to_date("9999-12-31")

    def _compute_dunning_count(self):
        # sudo: a count, of invoices the reader sees
        groups = (
            self.env["crm.dunning.line"]
            .sudo()
            ._read_group([("move_id", "in", self.ids)], ["move_id"], ["__count"])
        )
        counts = {move.id: count for move, count in groups}
        for move in self:
            move.dunning_count = counts.get(move.id, 0)

    # === Buttons === #

    def action_dunning_send_now(self):
        """Send the next step of one invoice now, whatever its day."""
        self.ensure_one()
        self._check_billing_right()
        company = self.company_id
        today = company._get_dunning_today()
        engine = self.env["crm.dunning.engine"].sudo().with_company(company)
        self.commercial_partner_id.sudo().lock_for_update(allow_referencing=True)
        policy, item = self._find_dunning_item(engine, today)
        step = find_next_step(policy._prepare_dunning_policy(), item, today)
        self._check_dunning_by_hand(policy, item, step, today)
        if step.needs_interest:
            troubles = engine._find_figures_troubles({item.key}, today)
            item = replace(item, figures_trouble=troubles.get(item.key, ""))
        decision = Decision(item, Action.SEND, Reason.REACHED, step, step)
        engine_way = engine._get_way(item, step)
        message = Message(item.client, *engine_way, step, [decision])
        record = (
            self.env["crm.dunning.message"]
            .sudo()
            ._send_batch(company, [message], today)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(step)s: %(result)s",
                    step=record.step_id.name,
                    result=record.reason
                    or self.env._("on its way to %s", record.mail_address or ""),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _find_dunning_item(self, engine, today):
        """Return the policy and the oldest thing due of the invoice."""
        found = [
            (policy, item)
            for policy, items in engine._read_items(
                self.company_id, self, today
            ).items()
            for item in items
            if item.residual > 0
        ]
        if self.state != "posted" or not found:
            raise UserError(
                self.env._("%(invoice)s: nothing is left to pay.", invoice=self.name)
            )
        policy, item = min(found, key=lambda pair: pair[1].date_due)
        if not policy:
            raise UserError(
                self.env._(
                    "%(company)s has no reminder policy yet: choose one in"
                    " Collection > Reminder Policies.",
                    company=self.company_id.name,
                )
            )
        return policy, item

    def _check_dunning_by_hand(self, policy, item, step, today):
        held = [block for block in item.blocks if block.holds(today)]
        if held:
            raise UserError(
                self.env._(
                    "%(invoice)s is held back: %(reason)s Lift that first.",
                    invoice=self.name,
                    reason=held[0].reason,
                )
            )
        if not step:
            raise UserError(
                self.env._(
                    "%(invoice)s: no step of the policy can leave now.",
                    invoice=self.name,
                )
            )
        if step.is_formal and item.barred_from and today >= item.barred_from:
            raise UserError(
                self.env._(
                    "%(invoice)s is time-barred: no formal notice may leave.",
                    invoice=self.name,
                )
            )
        last_on = item.client.last_on
        if last_on and (today - last_on).days < policy.gap_days:
            raise UserError(
                self.env._(
                    "%(client)s got a reminder on %(day)s: the policy leaves"
                    " %(count)s days between two messages.",
                    client=self.commercial_partner_id.name,
                    day=format_date(self.env, last_on),
                    count=policy.gap_days,
                )
            )

    def _open_dunning_pause(self, kind, name):
        self.ensure_one()
        self._check_billing_right()
        view = self.env.ref("crm_billing.crm_dunning_pause_view_dialog")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.dunning.pause",
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_move_id": self.id, "default_kind": kind},
        }

    def action_dunning_pause(self):
        """Hold the reminders of the invoice back until a day."""
        return self._open_dunning_pause("pause", self.env._("Pause the Reminders"))

    def action_dunning_promise(self):
        """Note the day on which the client promised to pay."""
        return self._open_dunning_pause("promise", self.env._("Promise to Pay"))

    def action_dunning_exclude(self):
        """Never chase this invoice."""
        return self._open_dunning_pause("exclusion", self.env._("Never Chase"))

    def action_view_dunning_lines(self):
        """Open what was sent for the invoice."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_billing.crm_dunning_line_action"
        )
        return {**action, "domain": [("move_id", "in", self.ids)], "context": {}}

    # === Life of the invoice === #

    def button_draft(self):
        """What has not left yet is withdrawn; what left stays in the history."""
        result = super().button_draft()
        # sudo: whoever resets an invoice need not know its reminders
        self.sudo()._withdraw_dunning(self.env._("The invoice was reset to draft."))
        return result

    def _withdraw_dunning(self, why):
        lines = self.env["crm.dunning.line"].search(
            [("move_id", "in", self.ids), ("state", "in", ("queued", "retry"))]
        )
        lines.message_id._withdraw(why)
