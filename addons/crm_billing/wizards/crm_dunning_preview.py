from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

# Rows of one answer; the screen says when there is more.
MOST_ROWS = 2000
ORDER = ("send", "task", "wait", "nothing")


class CrmDunningPreview(models.TransientModel):
    """What a run would do on a day: nothing is sent, no document is touched."""

    _name = "crm.dunning.preview"
    _description = "Preview of Reminders"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        required=True,
        default=lambda self: self._get_next_day(self.env.company),
        string="Day",
    )
    line_ids = fields.One2many("crm.dunning.preview.line", "preview_id", readonly=True)
    is_all = fields.Boolean(
        string="Show What Waits Too",
        help="With the documents that get nothing that day, and why.",
    )
    is_running = fields.Boolean(related="company_id.dunning_is_running")
    trouble = fields.Char(compute="_compute_trouble")
    message_count = fields.Integer(string="Messages", readonly=True)
    task_count = fields.Integer(string="Tasks", readonly=True)
    waiting_count = fields.Integer(string="Waiting", readonly=True)
    is_cut = fields.Boolean(readonly=True)

    @api.depends("date")
    def _compute_display_name(self):
        for preview in self:
            day = format_date(self.env, preview.date)
            preview.display_name = self.env._("What leaves on %s", day)

    @api.depends("company_id")
    def _compute_trouble(self):
        for preview in self:
            company = preview.company_id
            if not company._get_dunning_policy():
                preview.trouble = self.env._(
                    "%(company)s has no reminder policy yet: create one, or give one"
                    " the country of the company.",
                    company=company.name,
                )
            else:
                preview.trouble = company._get_dunning_calendar_trouble()

    @api.model
    def _get_next_day(self, company):
        """Return the next day on which reminders leave after today."""
        tomorrow = company._get_dunning_today() + timedelta(days=1)
        policy = company._get_dunning_policy()
        spans = policy._get_closure_spans()
        calendar = company._get_dunning_calendar(tomorrow, spans)
        return calendar.next_open(tomorrow) or tomorrow

    @api.model
    def _open(self):
        """Open the preview of the next open day for the current company."""
        preview = self.create({})
        preview._fill()
        return preview._get_action()

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Leaves"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_refresh(self):
        """Compute again, for the day chosen."""
        self._fill()
        return self._get_action()

    def action_previous_day(self):
        """Look at the day before."""
        self.date -= timedelta(days=1)
        return self.action_refresh()

    def action_next_day(self):
        """Look at the day after."""
        self.date += timedelta(days=1)
        return self.action_refresh()

    def _fill(self):
        self.ensure_one()
        company = self.company_id
        engine = self.env["crm.dunning.engine"].with_company(company)
        decisions = engine._preview(company, self.date)
        leaving = [d for d in decisions if d.action.value in ("send", "task")]
        clients = {d.item.client.key: d.action.value for d in leaving}
        shown = decisions if self.is_all else leaving
        shown = sorted(shown, key=self._get_order)
        self.line_ids.unlink()
        self.env["crm.dunning.preview.line"].create(
            [self._prepare_line(engine, d) for d in shown[:MOST_ROWS]]
        )
        actions = list(clients.values())
        self.write(
            {
                "message_count": actions.count("send"),
                "task_count": actions.count("task"),
                "waiting_count": sum(d.action.value == "wait" for d in decisions),
                "is_cut": len(shown) > MOST_ROWS,
            }
        )

    def _get_order(self, decision):
        order = ORDER.index(decision.action.value)
        return order, decision.item.client.key, decision.item.date_due

    def _prepare_line(self, engine, decision):
        item = decision.item
        move = self.env["account.move"].browse(item.key[0])
        return {
            "preview_id": self.id,
            "move_id": move.id,
            "partner_id": item.client.key,
            "action": decision.action.value,
            "step_id": decision.step and decision.step.key,
            "message_step_id": decision.message_step and decision.message_step.key,
            "date_due": item.date_due,
            "date_until": decision.until,
            "amount_residual": float(item.residual),
            "currency_id": move.sudo().currency_id.id,
            "explanation": engine._explain(decision),
        }
