from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import dunning_facts as facts


class CrmDunningStep(models.Model):
    """One reminder of a policy: its day, its channel, its words."""

    _name = "crm.dunning.step"
    _description = "Reminder Step"
    _order = "offset_days, id"

    policy_id = fields.Many2one(
        "crm.dunning.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    name = fields.Char(required=True, translate=True)
    offset_days = fields.Integer(
        string="Days after the Due Date",
        help="Negative: before the due date, as a friendly word.",
    )
    timing = fields.Char(compute="_compute_timing")
    channel = fields.Selection(
        [
            ("mail", "E-mail"),
            ("letter", "Letter"),
            ("task", "Task for a person"),
        ],
        required=True,
        default="mail",
    )
    audience = fields.Selection(
        [
            ("all", "All clients"),
            ("business", "Businesses"),
            ("consumer", "Consumers"),
        ],
        string="For",
        required=True,
        default="all",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="Text",
        domain=[("model", "=", "crm.dunning.message")],
        help="Subject and text of the e-mail; of the letter when it has no other.",
    )
    report_id = fields.Many2one(
        "ir.actions.report",
        string="Letter",
        domain=[("model", "=", "crm.dunning.message")],
    )
    is_letter_mailed = fields.Boolean(
        string="Letter by E-mail Too",
        default=True,
        help="The letter also leaves as an attachment of the e-mail.",
    )
    attach_invoice = fields.Boolean(string="Attach the Invoices", default=True)
    attach_interest = fields.Boolean(
        string="Attach the Interest Table",
        help="How late interest is computed, day by day.",
    )
    show_interest = fields.Boolean(
        string="State Interest and Fee",
        help="Late interest and the fixed fee are stated with their amounts.",
    )
    is_formal = fields.Boolean(
        string="Formal Notice",
        help="Announces legal action: never leaves for a debt that has lapsed.",
    )
    deadline_days = fields.Integer(
        string="Deadline Given (days)",
        default=8,
        help="Days the client gets to pay, printed as a date.",
    )
    min_residual = fields.Float(
        string="Not below",
        digits=(16, 2),
        help="Left to pay below which this step is skipped.",
    )
    quiet_days = fields.Integer(
        string="Days of Rest after a Part Payment",
        help="The step waits so long after the client paid a part.",
    )
    responsible_id = fields.Many2one(
        "res.users", string="Person in Charge", help="Empty: the one of the policy."
    )
    task_note = fields.Char(
        string="What to Do",
        translate=True,
        help="Written on the task of the person in charge.",
    )

    _numbers_range = models.Constraint(
        "CHECK(offset_days BETWEEN -60 AND 3650 AND min_residual >= 0"
        " AND quiet_days BETWEEN 0 AND 365 AND deadline_days BETWEEN 0 AND 90)",
        "The days or the amount of a step are out of range.",
    )

    @api.depends("offset_days")
    def _compute_timing(self):
        for step in self:
            step.timing = step._format_timing()

    def _format_timing(self):
        """Day of the step as credit controllers write it: J+7."""
        self.ensure_one()
        return self.env._("D%(days)s", days=f"{self.offset_days:+d}")

    @api.depends("name", "offset_days")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step._format_timing()} {step.name or ''}".strip()

    @api.constrains(
        "channel", "mail_template_id", "offset_days", "is_formal", "show_interest"
    )
    def _check_step(self):
        for step in self:
            if step._get_missing_text():
                raise ValidationError(
                    self.env._("%(step)s needs a text to send.", step=step.name)
                )
            if step.offset_days <= 0 and (step.is_formal or step.show_interest):
                raise ValidationError(
                    self.env._(
                        "%(step)s leaves before anything is late: no interest and no"
                        " formal notice then.",
                        step=step.name,
                    )
                )

    def _get_missing_text(self):
        """Tell whether the channel of the step lacks the text it speaks through."""
        self.ensure_one()
        return self.channel in ("mail", "letter") and not self.mail_template_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whoever edits policies may not read the reminders of all companies
        lines = self.env["crm.dunning.line"].sudo()
        if used := lines.search([("step_id", "in", self.ids)], limit=1).step_id:
            raise ValidationError(
                self.env._(
                    "%(step)s already left for invoices: its history would be lost."
                    " Change it instead.",
                    step=used.name,
                )
            )

    def _prepare_dunning_step(self):
        """Return the step as the rules read it."""
        self.ensure_one()
        states_interest = self.show_interest or self.attach_interest
        return facts.Step(
            key=self.id,
            offset_days=self.offset_days,
            channel=self.channel,
            audience=self.audience,
            is_formal=self.is_formal,
            needs_interest=self.is_formal and states_interest,
            shows_interest=states_interest,
            min_residual=Decimal(str(self.min_residual)),
            quiet_days=self.quiet_days,
        )

    def _find_person(self, company, move):
        """Return who does what the machine cannot do: never nobody.

        The step says who, then the policy, the company, the seller of the invoice;
        at last the first administrator of the suite in that company.
        """
        self.ensure_one()
        named = (
            self.responsible_id,
            self.policy_id.responsible_id,
            company.dunning_responsible_id,
            move.invoice_user_id,
        )
        for user in named:
            if self._may_follow(user, company):
                return user
        admins = self.env.ref("crm_base.crm_base_group_admin").all_user_ids
        found = admins.filtered(lambda user: self._may_follow(user, company))
        return found.sorted("id")[-1:] or self.env.ref("base.user_admin")

    def _may_follow(self, user, company):
        """Tell whether a user may open the reminders of a company."""
        return (
            user.active
            and company in user.company_ids
            and (
                user.has_group("account.group_account_invoice")
                or user.has_group("crm_base.crm_base_group_admin")
            )
        )
