from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.link_state import Fact
from .crm_payment_link import OPEN_STATES

BILLING_GROUPS = ("account.group_account_invoice", "crm_base.crm_base_group_admin")


class AccountMove(models.Model):
    """An invoice is paid through a link, at an address printed on it."""

    _name = "account.move"
    _inherit = ["account.move", "crm.payable.document"]
    _payment_link_field = "move_id"

    payment_link_ids = fields.One2many(
        "crm.payment.link", "move_id", string="Payment Links", readonly=True
    )
    payment_link_count = fields.Integer(
        string="Number of Payment Links", compute="_compute_payment_link_count"
    )
    payment_link_state = fields.Selection(string="Online Payment")
    has_saved_means = fields.Boolean(
        compute="_compute_has_saved_means", groups="base.group_user"
    )
    payment_link_is_closed = fields.Boolean(
        string="Page Closed by Hand", readonly=True, copy=False
    )

    @api.depends("payment_link_ids")
    def _compute_payment_link_count(self):
        counts = dict(
            self.env["crm.payment.link"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"], ["__count"]
            )
        )
        for move in self:
            move.payment_link_count = counts.get(move, 0)

    def _compute_has_saved_means(self):
        """Shown on one form at a time, never in a list."""
        for move in self:
            is_due = move.move_type == "out_invoice" and move.state == "posted"
            can_charge = is_due and not move.sudo()._get_payment_link_trouble()
            move.has_saved_means = bool(can_charge and move._get_saved_means())

    # === Rights === #

    @api.model
    def _check_billing_right(self):
        """Who bills asks for money; a seller only looks."""
        if not self.env.su and not any(map(self.env.user.has_group, BILLING_GROUPS)):
            raise AccessError(
                self.env._(
                    "Only people who bill ask for a payment: ask your accounting."
                )
            )

    def _check_payment_link_right(self):
        self.check_access("read")
        self._check_billing_right()

    # === What may be paid === #

    def _get_payment_link_trouble(self):
        self.ensure_one()
        values = {"invoice": self.name or self.display_name}
        if self.move_type != "out_invoice":
            return self.env._("Only customer invoices are paid by link.")
        if self.state == "draft":
            return self.env._("Confirm %(invoice)s first.", **values)
        if self.state != "posted":
            return self.env._("%(invoice)s is canceled.", **values)
        if self.currency_id.compare_amounts(self.amount_residual, 0) <= 0:
            return self.env._("Nothing is left to pay on %(invoice)s.", **values)
        if self.instalment_plan_id:
            return self.env._(
                "%(invoice)s is paid in instalments: use the links of its plan.",
                **values,
            )
        return super()._get_payment_link_trouble()

    def _get_payment_link_partner(self):
        return self.partner_id

    def _get_payment_link_max(self):
        return self.amount_residual

    def _prepare_payment_link_values(self, options):
        asked = options.get("amount") or self.amount_residual
        residual = self.amount_residual
        if self.currency_id.compare_amounts(asked, residual) > 0:
            raise UserError(
                self.env._(
                    "%(invoice)s asks for %(residual)s at most.",
                    invoice=self.name,
                    residual=self.currency_id.format(residual),
                )
            )
        return {
            "description": options.get("description")
            or self.env._("Invoice %s", self.name),
            "amount": self.currency_id.round(asked),
            "currency_id": self.currency_id.id,
            "is_partial": self.currency_id.compare_amounts(asked, residual) < 0,
        }

    def _prepare_payment_transaction_values(self):
        return {
            **super()._prepare_payment_transaction_values(),
            "invoice_ids": [Command.set(self.ids)],
        }

    def _get_payment_event_prefix(self):
        return "invoice"

    @api.model
    def _get_payment_link_template(self):
        return (
            self.env.ref(
                "crm_billing.mail_template_invoice_link", raise_if_not_found=False
            )
            or super()._get_payment_link_template()
        )

    # === The page === #

    def _is_payment_page_on(self):
        """Whether the company prints the page on its invoices and can be paid."""
        self.ensure_one()
        company = self.company_id
        return bool(
            company.payment_link_on_invoices
            and self.env["crm.connection"]._find_stripe(company)
        )

    def _get_payment_page_url(self):
        """Return the public address where this invoice can be paid now, or False.

        The same at each call and in each version of the PDF. For an invoice paid
        in instalments the page shows the plan.
        """
        self.ensure_one()
        # sudo: templates are rendered for whoever sends the mail
        move = self.sudo()
        is_due = (
            move.move_type == "out_invoice"
            and move.state == "posted"
            and move.currency_id.compare_amounts(move.amount_residual, 0) > 0
            and not move.payment_link_is_closed
        )
        is_open = move.payment_link_state in OPEN_STATES
        if not is_due or not (is_open or move._is_payment_page_on()):
            return False
        return move._get_signed_page_url()

    # === Closing and following === #

    def action_create_payment_link(self):
        self._check_payment_link_right()
        # sudo: only the server writes what concerns the link
        self.sudo().payment_link_is_closed = False
        return super().action_create_payment_link()

    def action_cancel_payment_link(self):
        """Close the link, and the page printed on the invoice with it."""
        result = super().action_cancel_payment_link()
        # sudo: only the server writes what concerns the link
        self.sudo().payment_link_is_closed = True
        return result

    def _follow_residual(self):
        """Keep open links in line with what is due.

        Paid elsewhere, credited, reset to draft or canceled: nobody may pay the
        former amount any more. Asks the database once for all the moves.
        """
        # sudo: whoever registers a payment need not read links
        moves = self.sudo().search(
            [("id", "in", self.ids), ("payment_link_state", "in", OPEN_STATES)]
        )
        for move in moves:
            move._follow_residual_by_link()
        plans = self.sudo().instalment_plan_ids.filtered(
            lambda plan: plan.state in ("agreed", "done")
        )
        plans._follow_payments()
        for instalment in plans.instalment_ids:
            if instalment.payment_link_state in OPEN_STATES:
                instalment._follow_residual_by_link()

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("draft", "cancel"):
            self._follow_state()
        return result

    def _follow_state(self):
        """An invoice that is no longer posted is not payable."""
        # sudo: whoever resets an invoice need not read links and plans
        moves = self.sudo().filtered("payment_link_id")
        for move in moves:
            link = move.payment_link_id
            if link.state in ("creating", "waiting"):
                link._close(
                    Fact.CANCELED,
                    self.env._("%s is no longer confirmed.", move.name),
                )
        for plan in self.sudo().instalment_plan_id:
            gone = plan.move_ids.filtered(lambda move: move.state != "posted")
            plan._break(
                self.env._(
                    "%s is no longer confirmed.", ", ".join(gone.mapped("display_name"))
                )
            )

    # === Refunds === #

    def _get_refundable_transactions(self):
        """Return the payments through links that can still be given back."""
        links = (
            self.payment_link_ids
            | self.instalment_plan_ids.instalment_ids.payment_link_ids
        )
        return links.transaction_ids.filtered(
            lambda page: page._get_refundable_amount() > 0
        )

    def action_refund_payment(self):
        """Give back a payment that came through a link."""
        self.ensure_one()
        self._check_payment_link_right()
        # sudo: transactions of an invoice the user may read
        pages = self.sudo()._get_refundable_transactions()
        if not pages:
            raise UserError(
                self.env._(
                    "No payment by link of %(invoice)s can be refunded.",
                    invoice=self.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund"),
            "res_model": "crm.refund.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_move_id": self.id,
                "default_transaction_id": pages[:1].id,
            },
        }
