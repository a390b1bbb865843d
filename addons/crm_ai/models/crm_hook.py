from odoo import fields, models
from odoo.exceptions import UserError

PREFIX = "ai."


class CrmHook(models.AbstractModel):
    """Budgets of models are entitlements: `ai.<feature code>`."""

    _inherit = "crm.hook"

    def _check_entitlement(self, capability, company):
        allowed = super()._check_entitlement(capability, company)
        if capability.startswith(PREFIX):
            self._check_ai_budgets(capability.removeprefix(PREFIX), company)
        return allowed

    def _check_ai_budgets(self, code: str, company):
        """Refuse when the month's budget of the company, feature or person is used.

        :raise UserError: with which one
        """
        feature = self.env["crm.ai.feature"]._get_by_code(code)
        today, user = fields.Date.context_today(self), self.env.user
        budgets = self.env["crm.ai.budget"]._find_for(feature, company, user)
        for budget in budgets:
            if budget._get_used(today, user) >= budget.limit_value:
                raise UserError(
                    self.env._(
                        "The budget of the month is used up (%s): the rules answered.",
                        budget.with_context(lang=self.env.lang).display_name,
                    )
                )
