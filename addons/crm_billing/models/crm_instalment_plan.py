from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..lib import instalments as rules

MOST_INSTALMENTS = 60


def split_due(total, decimals, count, rhythm):
    """Return pairs of a date and an amount in equal parts.

    :param rhythm: (first date, every, unit)
    :raise ValueError: when there is not enough to share
    """
    amounts = rules.split_equally(total, count, decimals)
    first, every, unit = rhythm
    days = rules.due_dates(first, count, every, unit)
    return list(zip(days, amounts, strict=True))


class CrmInstalmentPlan(models.Model):
    """Invoices that a client pays in several times, as agreed.

    Draft while it is proposed, agreed once the client has said yes (on his page, by
    mail, by word of mouth: who, when and how are kept), done when everything is
    paid, broken when it was ended before. Only an agreed plan changes anything.
    """

    _name = "crm.instalment.plan"
    _description = "Instalment Plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "crm.payable.page"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Followed by",
        default=lambda self: self.env.user,
        tracking=True,
    )
    move_ids = fields.Many2many(
        "account.move",
        "crm_instalment_plan_move_rel",
        "plan_id",
        "move_id",
        string="Invoices",
        readonly=True,
        copy=False,
    )
    instalment_ids = fields.One2many(
        "crm.instalment", "plan_id", string="Instalments", copy=False
    )
    state = fields.Selection(
        [
            ("draft", "Proposed"),
            ("agreed", "Agreed"),
            ("done", "Paid"),
            ("broken", "Ended"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        copy=False,
    )
    agreed_on = fields.Datetime(readonly=True, copy=False)
    agreed_by = fields.Char(readonly=True, copy=False)
    agreed_how = fields.Selection(
        [
            ("page", "On the public page"),
            ("mail", "By mail or letter"),
            ("spoken", "By word of mouth"),
        ],
        string="How It Was Agreed",
        readonly=True,
        copy=False,
    )
    agreed_ip = fields.Char(string="Address of the Agreement", readonly=True)
    agreed_note = fields.Char(string="Note on the Agreement", readonly=True)
    broken_reason = fields.Char(string="Why It Ended", readonly=True, copy=False)

    amount_total = fields.Monetary(
        string="Total", compute="_compute_amount_total", store=True
    )
    amount_paid = fields.Monetary(
        string="Paid", compute="_compute_amount_paid", store=True
    )
    amount_residual = fields.Monetary(
        string="Left to Pay", compute="_compute_amount_paid", store=True
    )
    page_url = fields.Char(string="Page for the Customer", compute="_compute_page_url")
    next_date_due = fields.Date(
        string="Next Instalment", compute="_compute_next_date_due"
    )

    # === Computes === #

    @api.depends("instalment_ids.amount")
    def _compute_amount_total(self):
        for plan in self:
            plan.amount_total = sum(plan.instalment_ids.mapped("amount"))

    @api.depends("amount_total", "state", "move_ids.amount_residual", "move_ids.state")
    def _compute_amount_paid(self):
        for plan in self:
            residual = plan._get_open_residual()
            paid = plan.amount_total - residual if plan.state != "draft" else 0
            plan.amount_paid = plan.currency_id.round(max(paid, 0))
            plan.amount_residual = plan.amount_total - plan.amount_paid

    @api.depends("instalment_ids.amount_residual", "instalment_ids.date_due")
    def _compute_next_date_due(self):
        for plan in self:
            left = plan.instalment_ids.filtered("amount_residual")
            plan.next_date_due = left[:1].date_due

    def _compute_page_url(self):
        for plan in self:
            plan.page_url = plan.id and plan._get_signed_page_url()

    def _get_open_residual(self):
        """What the invoices of the plan still ask for."""
        posted = self.move_ids.filtered(lambda move: move.state == "posted")
        return sum(posted.mapped("amount_residual"))

    # === Constraints === #

    @api.constrains("move_ids", "state")
    def _check_moves(self):
        for plan in self.filtered(lambda p: p.state in ("draft", "agreed")):
            moves = plan.move_ids
            payers = moves.commercial_partner_id | plan.partner_id.commercial_partner_id
            same = len(payers) == len(moves.currency_id) == len(moves.company_id) == 1
            if not moves or not same or moves.currency_id != plan.currency_id:
                raise ValidationError(
                    self.env._(
                        "A plan is for invoices of one customer, one company and one"
                        " currency."
                    )
                )
            other = moves.instalment_plan_ids.filtered(
                lambda p, plan=plan: p != plan and p.state in ("draft", "agreed")
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is already in the plan %(plan)s: end that one"
                        " first.",
                        invoice=(other.move_ids & moves)[:1].name,
                        plan=other[:1].name,
                    )
                )

    @api.constrains("instalment_ids")
    def _check_count(self):
        for plan in self:
            if len(plan.instalment_ids) > MOST_INSTALMENTS:
                raise ValidationError(
                    self.env._("A plan has %s instalments at most.", MOST_INSTALMENTS)
                )

    def _check_total(self):
        """The instalments must add up to what the invoices ask for, to the cent."""
        for plan in self:
            residual = plan._get_open_residual()
            if plan.currency_id.compare_amounts(plan.amount_total, residual):
                raise UserError(
                    self.env._(
                        "The instalments of %(plan)s add up to %(total)s, but its"
                        " invoices ask for %(residual)s. Correct the amounts first.",
                        plan=plan.name,
                        total=plan.currency_id.format(plan.amount_total),
                        residual=plan.currency_id.format(residual),
                    )
                )

    # === Life === #

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        for plan in plans:
            plan.name = f"EP{plan.id:05d}"
        return plans

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        if self.filtered(lambda plan: plan.state != "draft"):
            raise AccessError(
                self.env._(
                    "A plan that was agreed is ended, not deleted: it is a proof."
                )
            )

    def _agree(self, how, by, *, ip=False, note=False):
        """The client has said yes: from now on the plan rules.

        :param how: a key of `agreed_how`
        :param by: the name of whoever agreed
        """
        self.ensure_one()
        # Two clicks at once: the second finds the plan agreed.
        self.lock_for_update()
        if self.state != "draft":
            return False
        self._check_total()
        self.write(
            {
                "state": "agreed",
                "agreed_on": fields.Datetime.now(),
                "agreed_how": how,
                "agreed_by": by,
                "agreed_ip": ip,
                "agreed_note": note,
            }
        )
        # sudo: links are changed through their document only
        self.sudo().move_ids.payment_link_id._cancel()
        self.message_post(body=self._describe_agreement())
        return True

    def _describe_agreement(self):
        how = dict(self._fields["agreed_how"]._description_selection(self.env))
        zone = self.user_id.tz or self.env.context.get("tz")
        agreed_on = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.agreed_on
        )
        return self.env._(
            "Plan of %(total)s in %(count)s instalments agreed by %(by)s, %(how)s, on"
            " %(date)s.",
            total=self.currency_id.format(self.amount_total),
            count=len(self.instalment_ids),
            by=self.agreed_by,
            how=how[self.agreed_how].lower(),
            date=format_date(self.env, agreed_on.date()),
        )

    def _break(self, reason):
        """End running plans: their invoices are due as before."""
        for plan in self.filtered(lambda p: p.state in ("draft", "agreed")):
            plan.write({"state": "broken", "broken_reason": reason})
            # sudo: links are changed through their document only
            plan.sudo().instalment_ids.payment_link_id._cancel()
            plan.message_post(
                body=self.env._(
                    "Plan %(plan)s ended. %(reason)s", plan=plan.name, reason=reason
                )
            )

    def _follow_payments(self):
        """Close what is paid; open again what was paid and is no longer."""
        for plan in self:
            is_paid = plan.currency_id.is_zero(plan.amount_residual)
            if plan.state == "agreed" and is_paid:
                plan.state = "done"
            elif plan.state == "done" and not is_paid:
                plan.state = "agreed"

    def _allocate(self):
        """Return what each instalment has received, oldest first, by id."""
        self.ensure_one()
        ordered = self.instalment_ids.sorted(
            lambda i: (i.date_due, i.sequence, i._origin.id)
        )
        amounts = [Decimal(str(i.amount)) for i in ordered]
        shares = rules.allocate(amounts, Decimal(str(self.amount_paid)))
        return dict(zip(ordered.ids, map(float, shares), strict=True))
