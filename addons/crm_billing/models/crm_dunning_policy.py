from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib import dunning_facts as facts


class CrmDunningPolicy(models.Model):
    """Which reminders a client gets, and when.

    Without company it serves all of them, without country companies of any country.
    """

    _name = "crm.dunning.policy"
    _description = "Reminder Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True
    )
    country_id = fields.Many2one("res.country")
    is_default = fields.Boolean(
        string="Usual Policy",
        help="Serves the companies of its country that chose no other.",
    )
    step_ids = fields.One2many(
        "crm.dunning.step", "policy_id", string="Steps", copy=True
    )
    min_amount = fields.Float(
        string="From Amount",
        digits=(16, 2),
        help="In the currency of the company: smaller amounts are left alone.",
    )
    gap_days = fields.Integer(
        string="Days between Two Messages",
        default=5,
        help="A client never gets two reminders within this number of days.",
    )
    is_grouped = fields.Boolean(
        string="One Message per Client",
        default=True,
        help="Several late invoices leave in one message, at the highest step.",
    )
    date_from = fields.Date(
        string="Invoices Due from",
        help="Older invoices are left alone. Empty: all of them.",
    )
    closure_ids = fields.One2many(
        "crm.dunning.closure", "policy_id", string="Closures", copy=True
    )
    responsible_id = fields.Many2one(
        "res.users",
        string="Person in Charge",
        help="Gets the tasks: post a letter, call a client, find an address.",
    )
    is_running = fields.Boolean(compute="_compute_situation")
    calendar_trouble = fields.Char(compute="_compute_situation")

    _gap_days_range = models.Constraint(
        "CHECK(gap_days BETWEEN 1 AND 90)",
        "The days between two messages are between 1 and 90.",
    )
    _min_amount_positive = models.Constraint(
        "CHECK(min_amount >= 0)",
        "The amount of a policy is not negative.",
    )

    @api.depends_context("company")
    def _compute_situation(self):
        company = self.env.company
        self.is_running = company.dunning_is_running
        self.calendar_trouble = company._get_dunning_calendar_trouble()

    @api.constrains("step_ids")
    def _check_steps(self):
        for policy in self:
            seen = {}
            for step in policy.step_ids:
                audiences = (
                    ("business", "consumer")
                    if step.audience == "all"
                    else (step.audience,)
                )
                for audience in audiences:
                    other = seen.setdefault((step.offset_days, audience), step)
                    if other != step:
                        raise ValidationError(
                            self.env._(
                                "%(first)s and %(second)s leave on the same day for the"
                                " same clients: change the day of one of them.",
                                first=other.name,
                                second=step.name,
                            )
                        )

    # === Facts for the rules === #

    def _prepare_dunning_policy(self):
        """Return the policy as the rules read it."""
        self.ensure_one()
        return facts.Policy(
            steps=tuple(step._prepare_dunning_step() for step in self.step_ids),
            min_amount=Decimal(str(self.min_amount)),
            gap_days=self.gap_days,
            is_grouped=self.is_grouped,
            date_from=self.date_from or None,
        )

    def _get_closure_spans(self):
        return [(c.date_from, c.date_to) for c in self.closure_ids]

    # === Buttons === #

    def action_start(self):
        """Let the reminders of the current company leave from the next run on."""
        self.ensure_one()
        self.check_access("write")
        if not self.step_ids:
            raise UserError(self.env._("Add a step to the policy first."))
        company = self.env.company
        if company.dunning_policy_id != self and company._get_dunning_policy() != self:
            company.sudo().dunning_policy_id = self
        # sudo: the setting of the company, by somebody who may write the policy
        company.sudo().dunning_is_running = True

    def action_stop(self):
        """Nothing leaves any more; what is queued still does."""
        self.check_access("write")
        # sudo: the setting of the company, by somebody who may write the policy
        self.env.company.sudo().dunning_is_running = False

    def action_preview(self):
        """Show what leaves on the next open day."""
        self.ensure_one()
        return self.env["crm.dunning.preview"]._open()
