from odoo import api, fields, models
from odoo.tools import format_date

from ..lib.budget import budget_state, month_of

MEASURES = {
    "cost": ["cost:sum"],
    "calls": ["__count"],
    "tokens": ["tokens_in:sum", "tokens_out:sum"],
}
# What a question asks of a budget.
_TERMS = (
    "company_id", "feature_id", "user_id", "is_each_user", "measure", "limit_value",
)  # fmt: skip


class CrmAiBudget(models.Model):
    """What models may cost in a calendar month: a company, a feature, a person.

    Beyond it the rules answer. What a model was paid for counts, even where its answer
    could not be used; as answers count those that a model gave.
    """

    _name = "crm.ai.budget"
    _description = "AI Budget"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    feature_id = fields.Many2one(
        "crm.ai.feature", ondelete="cascade", help="Empty: all features together."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        ondelete="cascade",
        domain=[("share", "=", False)],
        help="Empty: everybody together.",
    )
    is_each_user = fields.Boolean(
        string="For Each Person", help="Everybody has as much for themselves."
    )
    measure = fields.Selection(
        [("cost", "Cost"), ("calls", "Answers"), ("tokens", "Tokens")],
        required=True,
        default="cost",
    )
    limit_value = fields.Float(string="Per Month", required=True, digits=(16, 2))
    currency_id = fields.Many2one(related="company_id.currency_id")
    responsible_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Is told at 80 %.",
    )
    used_value = fields.Float(compute="_compute_state", digits=(16, 2), string="Used")
    used_pct = fields.Float(compute="_compute_state", string="Used (%)")
    exhausted_on = fields.Date(
        compute="_compute_state",
        help="The day it is used up if this month goes on as it began.",
    )
    warned_month = fields.Date(readonly=True, copy=False)

    _limit_positive = models.Constraint(
        "CHECK(limit_value >= 0)", "A budget cannot be negative."
    )

    @api.depends("feature_id", "user_id", "is_each_user", "measure")
    def _compute_display_name(self):
        everything, everybody = self.env._("All features"), self.env._("everybody")
        each = self.env._("each person")
        for budget in self:
            who = budget.user_id.name or (each if budget.is_each_user else everybody)
            what = budget.feature_id.name or everything
            budget.display_name = f"{what}, {who}"

    @api.depends_context("uid")
    @api.depends("limit_value", "measure", "feature_id", "user_id", "is_each_user")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for budget in self:
            state = budget_state(budget._get_used(today), budget.limit_value, today)
            budget.used_value = state.used
            budget.used_pct = 100 * state.ratio
            budget.exhausted_on = state.exhausted_on

    def _get_used(self, today, user=None) -> float:
        """Return what was used this month, by `user` for budgets of each person.

        Without one, the person who used most.
        """
        self.ensure_one()
        first, next_month = month_of(today)
        domain = [
            ("company_id", "=", self.company_id.id),
            ("create_date", ">=", first),
            ("create_date", "<", next_month),
        ]
        if self.measure == "calls":
            domain += [("answered_by", "=", "model"), ("is_cache_hit", "=", False)]
        if self.feature_id:
            domain.append(("feature_id", "=", self.feature_id.id))
        person = self.user_id or (self.is_each_user and user)
        if person:
            domain.append(("user_id", "=", person.id))
        # sudo: everybody's use counts, seen or not
        calls = self.env["crm.ai.call"].sudo()
        by = ["user_id"] if self.is_each_user and not person else []
        groups = calls._read_group(domain, by, MEASURES[self.measure])
        return max((sum(v or 0 for v in row[len(by) :]) for row in groups), default=0.0)

    @api.model
    def _find_for(self, feature, company, user):
        """Return the budgets that concern a question (superuser)."""
        # sudo: sellers are bound by budgets they may not read
        return self.sudo().search_fetch(
            [
                ("company_id", "=", company.id),
                ("feature_id", "in", (False, feature.id)),
                ("user_id", "in", (False, user.id)),
            ],
            _TERMS,
        )

    def _warn(self, today):
        """Tell the responsible once a month, from 80 % on."""
        first, _next = month_of(today)
        for budget in self.filtered(lambda b: b.warned_month != first):
            state = budget_state(budget._get_used(today), budget.limit_value, today)
            if not state.is_warning:
                continue
            budget.warned_month = first
            budget = budget.with_context(lang=budget.responsible_id.lang)
            budget.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=budget.env._("AI budget: %d %% used", round(100 * state.ratio)),
                note=budget._get_warning_note(state),
                user_id=budget.responsible_id.id,
            )

    def _get_warning_note(self, state):
        if state.is_exhausted:
            return self.env._(
                "%(budget)s is used up: the rules answer until the end of the month.",
                budget=self.display_name,
            )
        if not state.exhausted_on:
            return self.env._(
                "%(budget)s lasts until the end of the month at this pace.",
                budget=self.display_name,
            )
        return self.env._(
            "%(budget)s is used up on %(day)s at this pace; then the rules answer.",
            budget=self.display_name,
            day=format_date(self.env, state.exhausted_on),
        )

    @api.model
    def _cron_warn(self):
        """Look at all budgets."""
        self.search([("limit_value", ">", 0)])._warn(fields.Date.context_today(self))
