from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..lib.instalments import InstalmentState, instalment_state
from .crm_payment_link import OPEN_STATES


class CrmInstalment(models.Model):
    """One payment of a plan: a date, an amount, a link.

    What comes in for the invoices of the plan, by whatever road, is given to the
    oldest instalments first.
    """

    _name = "crm.instalment"
    _description = "Instalment"
    _inherit = ["crm.payable.document"]
    _payment_link_field = "instalment_id"
    _order = "date_due, sequence, id"

    plan_id = fields.Many2one(
        "crm.instalment.plan", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    number = fields.Integer(compute="_compute_number")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id", store=True)
    user_id = fields.Many2one(related="plan_id.user_id")
    plan_state = fields.Selection(
        related="plan_id.state", string="State of the Plan", store=True
    )
    date_due = fields.Date(string="Due Date", required=True, index=True)
    amount = fields.Monetary(required=True)
    amount_paid = fields.Monetary(
        string="Paid", compute="_compute_amount_paid", store=True
    )
    amount_residual = fields.Monetary(
        string="Left to Pay", compute="_compute_amount_paid", store=True
    )
    state = fields.Selection(
        [
            (InstalmentState.TO_COME.value, "To come"),
            (InstalmentState.DUE.value, "Due today"),
            (InstalmentState.PENDING.value, "Payment in progress"),
            (InstalmentState.PAID.value, "Paid"),
            (InstalmentState.LATE.value, "Late"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    payment_link_ids = fields.One2many(
        "crm.payment.link", "instalment_id", string="Payment Links", readonly=True
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "An instalment is more than zero."
    )

    # === What was agreed stays === #

    @api.model_create_multi
    def create(self, vals_list):
        instalments = super().create(vals_list)
        instalments._check_plan_is_draft()
        return instalments

    def write(self, vals):
        if vals.keys() & {"plan_id", "date_due", "amount", "sequence"}:
            self._check_plan_is_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_plan_is_draft()

    def _check_plan_is_draft(self):
        if self.plan_id.filtered(lambda plan: plan.state != "draft"):
            raise UserError(
                self.env._(
                    "The customer agreed to these dates and amounts. End the plan and"
                    " propose a new one."
                )
            )

    # === Computes === #

    @api.depends("plan_id.instalment_ids.date_due", "sequence")
    def _compute_number(self):
        for plan in self.plan_id:
            ordered = plan.instalment_ids.sorted(
                lambda i: (i.date_due or fields.Date.today(), i.sequence)
            )
            for number, instalment in enumerate(ordered, start=1):
                instalment.number = number
        (self.filtered(lambda i: not i.plan_id)).number = 0

    @api.depends("plan_id.name", "number")
    def _compute_display_name(self):
        for instalment in self:
            instalment.display_name = self.env._(
                "Instalment %(number)s of %(count)s, %(plan)s",
                number=instalment.number,
                count=len(instalment.plan_id.instalment_ids),
                plan=instalment.plan_id.name or "",
            )

    @api.depends(
        "plan_id.amount_paid",
        "plan_id.instalment_ids.amount",
        "plan_id.instalment_ids.date_due",
        "amount",
        "date_due",
    )
    def _compute_amount_paid(self):
        for plan in self.plan_id:
            shares = plan._allocate()
            for instalment in self & plan.instalment_ids:
                paid = shares.get(instalment.id, 0)
                instalment.amount_paid = plan.currency_id.round(paid)
                instalment.amount_residual = instalment.amount - instalment.amount_paid

    @api.depends("date_due", "amount_residual", "payment_link_state")
    @api.depends_context("uid")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for instalment in self:
            instalment.state = instalment_state(
                instalment.date_due or today,
                today,
                is_paid=instalment.currency_id.is_zero(instalment.amount_residual)
                and bool(instalment.amount),
                is_pending=instalment.payment_link_state == "processing",
            ).value

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        is_open = Domain("amount_residual", ">", 0)
        is_pending = Domain("payment_link_state", "=", "processing")
        waits = is_open & ~is_pending
        domains = {
            "paid": Domain("amount_residual", "<=", 0),
            "pending": is_open & is_pending,
            "to_come": waits & Domain("date_due", ">", today),
            "due": waits & Domain("date_due", "=", today),
            "late": waits & Domain("date_due", "<", today),
        }
        return Domain.OR(domains[item] for item in value if item in domains)

    # === Payment link === #

    def _check_payment_link_right(self):
        self.plan_id._check_billing_right()

    def _get_payment_thread(self):
        return self.plan_id

    def _get_payment_event_prefix(self):
        return "instalment"

    def _get_payment_link_trouble(self):
        self.ensure_one()
        if self.plan_id.state != "agreed":
            return self.env._("The plan has to be agreed by the customer first.")
        if self.currency_id.compare_amounts(self.amount_residual, 0) <= 0:
            return self.env._("This instalment is already paid.")
        return super()._get_payment_link_trouble()

    def _get_payment_link_max(self):
        return self.amount_residual

    def _prepare_payment_link_values(self, options):
        amount = options.get("amount") or self.amount_residual
        names = ", ".join(self.plan_id.move_ids.mapped("name"))
        return {
            "description": options.get("description")
            or self.env._(
                "Instalment %(number)s of %(count)s, %(invoices)s",
                number=self.number,
                count=len(self.plan_id.instalment_ids),
                invoices=names,
            ),
            "amount": self.currency_id.round(amount),
            "currency_id": self.currency_id.id,
        }

    def _prepare_payment_transaction_values(self):
        """The oldest invoices of the plan are paid first, by the core."""
        moves = self.plan_id.move_ids.filtered(
            lambda move: move.state == "posted" and move.amount_residual > 0
        )
        ordered = moves.sorted(lambda move: (move.invoice_date_due, move.id))
        return {
            **super()._prepare_payment_transaction_values(),
            "invoice_ids": [Command.set(ordered.ids)],
        }

    @api.model
    def _get_payment_link_template(self):
        return (
            self.env.ref(
                "crm_billing.mail_template_instalment_link", raise_if_not_found=False
            )
            or super()._get_payment_link_template()
        )

    # === The page === #

    def _get_payment_page_url(self):
        """Return the public address where this instalment can be paid now, or False."""
        self.ensure_one()
        # sudo: templates are rendered for whoever sends the mail
        instalment = self.sudo()
        is_due = (
            instalment.plan_id.state == "agreed"
            and instalment.currency_id.compare_amounts(instalment.amount_residual, 0)
            > 0
        )
        is_open = instalment.payment_link_state in OPEN_STATES
        if not is_due or not (is_open or instalment._is_payment_page_on()):
            return False
        return instalment._get_signed_page_url()

    def _is_payment_page_on(self):
        return self.plan_id.move_ids[:1]._is_payment_page_on()

    def _get_page_trouble(self):
        if self.plan_id.state == "draft":
            return "to_agree"
        if self.currency_id.compare_amounts(self.amount_residual, 0) <= 0:
            return "paid"
        return "ended" if self.plan_id.state == "broken" else False

    def _get_page_title(self):
        return self._prepare_payment_link_values({})["description"]

    def _get_page_facts(self):
        currency = self.currency_id
        facts = [(self.env._("Due date"), format_date(self.env, self.date_due))]
        if self.amount_paid:
            facts += [
                (self.env._("Amount"), currency.format(self.amount)),
                (self.env._("Already settled"), currency.format(self.amount_paid)),
            ]
        return facts

    def _get_page_payments(self):
        return self.payment_link_ids.transaction_ids.payment_id
