from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_order import QUOTE_FIELDS

# What changes the next step of a deal.
WATCHED = {
    "stage_id",
    "expected_revenue",
    "date_deadline",
    "active",
    "type",
    "lost_reason_id",
    "probability",
    "user_id",
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    next_action_ids = fields.One2many(
        "crm.next.action",
        "lead_id",
        string="Proposed Steps",
        domain=[("state", "=", "proposed")],
        readonly=True,
    )
    next_action_id = fields.Many2one(
        "crm.next.action",
        compute="_compute_next_action_id",
        search="_search_next_action_id",
    )
    next_action_kind = fields.Selection(related="next_action_id.kind", string="Step")
    next_action_due_on = fields.Date(related="next_action_id.due_on", string="Due")
    next_action_reason = fields.Char(
        related="next_action_id.reason", string="Reason of the Step"
    )
    ai_suggestion_ids = fields.One2many(
        "crm.ai.suggestion",
        "lead_id",
        string="Suggestions",
        domain=[("state", "=", "proposed")],
        readonly=True,
    )
    crm_postponed_count = fields.Integer(
        string="Times Postponed",
        readonly=True,
        copy=False,
        help="How often the expected closing date was put back.",
    )
    crm_is_opposed = fields.Boolean(related="partner_id.crm_is_opposed")

    @api.depends("next_action_ids.is_best", "next_action_ids.state")
    def _compute_next_action_id(self):
        best = self.env["crm.next.action"].search_fetch(
            [
                ("lead_id", "in", self.ids),
                ("state", "=", "proposed"),
                ("is_best", "=", True),
            ],
            ["lead_id", "kind", "due_on", "reason"],
        )
        by_lead = {action.lead_id.id: action for action in best}
        for lead in self:
            lead.next_action_id = by_lead.get(lead._origin.id or lead.id)

    def _search_next_action_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = {id_ for id_ in value if id_}
        domain = [("state", "=", "proposed"), ("is_best", "=", True)]
        actions = self.env["crm.next.action"]._search(
            [*domain, ("id", "in", list(wanted))] if wanted else domain
        )
        found = [("next_action_ids", "in", actions)]
        if False in value:
            without = ["!", ("next_action_ids", "in", actions)]
            return ["|", *found, *without] if wanted else without
        return found

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._request_next_actions()
        return leads

    def write(self, vals):
        if vals.get("date_deadline"):
            self._count_postponement(fields.Date.to_date(vals["date_deadline"]))
        done = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            self._request_next_actions()
        return done

    def _count_postponement(self, day):
        for lead in self:
            if lead.date_deadline and lead.date_deadline < day:
                lead.crm_postponed_count += 1

    def _get_draft_orders(self):
        """Return the quotations a draft may cite."""
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return orders
        return orders.search_fetch([("opportunity_id", "in", self.ids)], QUOTE_FIELDS)

    # === Buttons === #

    def action_draft_mail(self):
        """Open the mail composer with the copilot at work."""
        self.ensure_one()
        return self._open_draft(self._guess_draft_kind())

    def _guess_draft_kind(self):
        exchanges = self._find_exchanges(self.env.user)[self.id]
        last = next((e for e in exchanges if e.direction != "note"), None)
        if last and last.direction == "in":
            return "reply"
        sent = self._get_draft_orders().filtered(lambda order: order.state == "sent")
        return "quote_reminder" if sent else "follow_up"

    def _open_draft(self, kind, activity=None):
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Write a Mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self._get_draft_recipients().ids,
                "default_crm_ai_kind": kind,
                "default_crm_ai_activity_id": activity.id if activity else False,
                "clicked_on_full_composer": True,
                "crm_ai_start": True,
            },
        }
        return action

    def _get_draft_recipients(self):
        """Return the contact of the deal; a new one for an address without card."""
        if self.partner_id or not self.email_normalized:
            return self.partner_id
        return self.env["res.partner"].search(
            [("email_normalized", "=", self.email_normalized)], limit=1
        )

    def action_log_visit(self):
        """Open the short form that logs a visit or a call."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Visit"),
            "res_model": "crm.visit.log",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lead_id": self.id},
        }

    def action_accept_next(self):
        self.ensure_one()
        return self._get_next_action().action_accept()

    def action_snooze_next(self):
        self.ensure_one()
        return self._get_next_action().action_snooze()

    def action_dismiss_next(self):
        self.ensure_one()
        return self._get_next_action().action_ask_reason()

    def _get_next_action(self):
        self.check_access("read")
        if not self.next_action_id:
            raise UserError(self.env._("There is no proposed step. Reload the page."))
        return self.next_action_id
