from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tools import SQL

from ..lib.link_state import Fact
from ..lib.minor_units import AmountRefusedError, check_payable, to_minor
from .crm_payment_link import OPEN_STATES

ENTITLEMENT = "billing.payment_link"
FIELD_PREFIX = "payment_link_"


class CrmPaymentLinkMixin(models.AbstractModel):
    """A document that a client can pay through a link.

    The model names in `_payment_link_field` the field of `crm.payment.link` that
    points back to it, declares `payment_link_ids` on it, and implements
    `_get_payment_link_trouble` and `_prepare_payment_link_values`.
    """

    _name = "crm.payment.link.mixin"
    _description = "Document Payable through a Link"
    _payment_link_field = None

    payment_link_id = fields.Many2one(
        "crm.payment.link", string="Current Payment Link", readonly=True, copy=False
    )
    payment_link_state = fields.Selection(
        related="payment_link_id.state",
        string="Payment",
        store=True,
        index="btree_not_null",
    )
    payment_link_currency_id = fields.Many2one(
        related="payment_link_id.currency_id",
        string="Currency of the Link",
        store=True,
    )
    payment_link_amount = fields.Monetary(
        related="payment_link_id.amount",
        string="Amount of the Link",
        currency_field="payment_link_currency_id",
        store=True,
    )
    payment_link_received = fields.Monetary(
        related="payment_link_id.received_amount",
        string="Received by Link",
        currency_field="payment_link_currency_id",
        store=True,
    )
    payment_link_paid_at = fields.Datetime(
        related="payment_link_id.paid_at", string="Paid At", store=True
    )
    payment_link_date_paid = fields.Date(
        related="payment_link_id.date_paid", string="Paid On", store=True
    )
    payment_link_url = fields.Char(
        related="payment_link_id.url",
        string="Address of the Payment Link",
        groups="base.group_user",
    )
    payment_link_expires_at = fields.Datetime(related="payment_link_id.expires_at")
    payment_link_dispute_status = fields.Selection(
        related="payment_link_id.dispute_status", groups="base.group_user"
    )
    payment_link_dispute_due_on = fields.Date(
        related="payment_link_id.dispute_due_on", groups="base.group_user"
    )
    payment_link_refund_note = fields.Text(
        related="payment_link_id.refund_note", groups="base.group_user"
    )
    payment_link_problem = fields.Text(
        related="payment_link_id.problem", groups="base.group_user"
    )
    payment_link_booking_note = fields.Text(
        related="payment_link_id.booking_note", groups="base.group_user"
    )

    # === Only the server says what was asked and paid === #

    @api.model
    def default_get(self, fields_list):
        names = [n for n in fields_list if not n.startswith(FIELD_PREFIX)]
        return super().default_get(names)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_payment_link_untouched(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_payment_link_untouched([vals])
        return super().write(vals)

    def unlink(self):
        # sudo: links are changed through their document only
        self.sudo().payment_link_ids._cancel()
        return super().unlink()

    def _check_payment_link_untouched(self, vals_list):
        """Refuse a link put on a document, or a state written, by a remote call.

        Whoever could choose the link would read and close those of others.
        """
        names = {name for vals in vals_list for name in vals}
        if not self.env.su and any(name.startswith(FIELD_PREFIX) for name in names):
            raise AccessError(
                self.env._("The payment of a document follows its payment link.")
            )

    # === Hooks === #

    def _check_payment_link_right(self):
        """Refuse who may not ask for money for this document."""
        self.check_access("write")

    def _get_payment_thread(self):
        """Return the record whose thread tells the story of the payment."""
        self.ensure_one()
        return self

    def _get_payment_event_prefix(self):
        """Return the first word of the events announced to other addons."""
        return "deal"

    def _get_payment_link_max(self):
        """Return the most a link may ask for now, None when there is no limit."""
        return None

    def _get_payment_link_trouble(self):
        """Return the sentence that forbids a link, False when one may be made."""
        return False

    def _get_payment_link_company(self):
        self.ensure_one()
        return self.company_id or self.env.company

    def _get_payment_link_partner(self):
        self.ensure_one()
        return self.partner_id

    def _prepare_payment_link_values(self, options):
        """Return description, amount, currency_id of a new link.

        :param dict options: what the wizard chose, empty for the button
        """
        raise NotImplementedError

    def _prepare_payment_transaction_values(self):
        """Return what the transaction of a page must know of the document.

        An override gives `invoice_ids` (or `sale_order_ids`): the payment is then
        reconciled with them by the core, else it is a deposit of the customer.
        """
        return {}

    # === Making a link === #

    def _create_payment_link(self, options=None):
        """Make the link of one document, or return the open one.

        Two clicks at once end as one link: the second waits for the row, then its
        transaction is run again and finds the first one's link.
        """
        self.ensure_one()
        self._check_payment_link_right()
        self._lock_for_payment_link()
        # sudo: links are changed through their document only
        current = self.sudo().payment_link_id
        if current.state == "waiting" and not current._is_valid():
            current._close(Fact.EXPIRED)
        if current.state in OPEN_STATES:
            return current
        values = self._check_payment_link(options or {})
        # sudo: the button gives the seller no other right on links and payments
        link = self.env["crm.payment.link"]._open_link(values)
        self.sudo().payment_link_id = link
        return link

    def _follow_residual_by_link(self):
        """The amount due has changed: an open link of another amount is closed.

        A new one is made at once for what is left, so that the client's page goes
        on. Money on its way cannot be called back: that is said instead.
        """
        self.ensure_one()
        link, due = self.payment_link_id, max(self._get_payment_link_max(), 0)
        compared = link.currency_id.compare_amounts(link.amount, due)
        if not compared or (compared < 0 and link.is_partial):
            return
        values = {
            "amount": link.currency_id.format(link.amount),
            "due": link.currency_id.format(due),
        }
        if link.state == "processing":
            link._post(
                self.env._(
                    "A bank debit of %(amount)s is on its way, but %(due)s is due now:"
                    " what is too much will stay on the customer's account, to refund"
                    " or to use for another invoice.",
                    **values,
                )
            )
            return
        reason = self.env._("It was paid or settled otherwise.")
        if due:
            reason = self.env._(
                "The amount due is now %(due)s instead of %(amount)s.", **values
            )
        link._close(Fact.CANCELED, reason)
        if due:
            with suppress(UserError, RedirectWarning), self.env.cr.savepoint():
                self._create_payment_link()

    def _lock_for_payment_link(self):
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.id,
            ),
            # The loser of a double click is run again: no error for the log.
            log_exceptions=False,
        )
        self.invalidate_recordset(["payment_link_id"])

    def _check_payment_link(self, options):
        """Refuse with one clear sentence, or return the values of the link."""
        company = self._get_payment_link_company()
        self.env["crm.hook"]._check_entitlement(ENTITLEMENT, company)
        partner = self._get_payment_link_partner()
        trouble = self._get_payment_link_trouble()
        if not trouble and not partner:
            trouble = self.env._("Choose the customer first: a payment needs a payer.")
        if trouble:
            raise UserError(trouble)
        connection = self.env["crm.connection"]._find_stripe(company)
        if not connection:
            self.env["crm.connection"]._explain_no_stripe(company)
        self.env["crm.secret"]._check_ready()
        values = self._prepare_payment_link_values(options)
        self._check_payment_link_amount(values)
        days = options.get("validity_days") or company.payment_link_validity_days
        return {
            self._payment_link_field: self.id,
            "company_id": company.id,
            "partner_id": partner.id,
            "connection_id": connection.id,
            "expires_at": fields.Datetime.now() + timedelta(days=days),
            **values,
            **options.get("link_values", {}),
        }

    def _check_payment_link_amount(self, values):
        currency = self.env["res.currency"].browse(values["currency_id"])
        try:
            minor = to_minor(Decimal(str(values["amount"])), currency.name)
            check_payable(minor, currency.name)
        except AmountRefusedError as error:
            limit = error.limit and currency.format(float(error.limit))
            messages = {
                "not_positive": self.env._(
                    "The amount is zero: enter what the customer has to pay."
                ),
                "too_small": self.env._(
                    "Stripe collects %(limit)s at least.", limit=limit
                ),
                "too_large": self.env._(
                    "Stripe collects %(limit)s at most in one payment.", limit=limit
                ),
                "too_precise": self.env._(
                    "Stripe cannot collect this amount in %(currency)s: too many"
                    " decimals.",
                    currency=currency.name,
                ),
            }
            raise UserError(messages[error.reason]) from None
