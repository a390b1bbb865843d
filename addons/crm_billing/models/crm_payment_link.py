import json
import secrets
from datetime import timedelta, timezone
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import email_normalize
from odoo.tools.urls import urljoin

from odoo.addons.crm_base.fields import EncryptedText
from odoo.addons.crm_base.lib.tokens import hash_token, make_token

from .. import const
from ..lib import minor_units
from ..lib.link_state import OPEN, SETTLED, State
from ..lib.stripe_session import SessionRequest, build_session_v1

OPEN_STATES = tuple(sorted(state.value for state in OPEN))
SETTLED_STATES = tuple(sorted(state.value for state in SETTLED))
TOKEN_BYTES = 24


class CrmPaymentLink(models.Model):
    """What the client opens to pay a document: one address, one amount.

    A payment page at Stripe lives a day at most; the link lives as long as it is
    valid and opens a new page when the last one has expired. Each page is a
    `payment.transaction`. The states and their moves are in `lib/link_state.py`.
    """

    _name = "crm.payment.link"
    _description = "Payment Link"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", string="Deal", readonly=True, index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True
    )
    connection_id = fields.Many2one(
        "crm.connection", required=True, readonly=True, ondelete="restrict"
    )
    description = fields.Char(required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    refunded_amount = fields.Monetary(string="Refunded", readonly=True)
    received_amount = fields.Monetary(
        string="Received", compute="_compute_received_amount", store=True
    )

    state = fields.Selection(
        selection="_selection_state",
        required=True,
        readonly=True,
        default="creating",
        index=True,
    )
    state_reason = fields.Text(string="Reason", readonly=True)
    problem = fields.Text(compute="_compute_problem", compute_sudo=True)
    booking_note = fields.Text(string="To Complete in the Books", readonly=True)

    token = EncryptedText(readonly=True, groups="base.group_system")
    token_digest = fields.Char(readonly=True, groups="base.group_system")
    url = fields.Char(string="Payment Link", compute="_compute_url", compute_sudo=True)
    expires_at = fields.Datetime(string="Valid Until", required=True, readonly=True)
    paid_at = fields.Datetime(string="Paid On", readonly=True)
    date_paid = fields.Date(string="Day of Payment", readonly=True)
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True)

    exchange_id = fields.Many2one("crm.exchange", readonly=True, ondelete="set null")
    transaction_id = fields.Many2one(
        "payment.transaction",
        string="Last Payment Page",
        readonly=True,
        groups="account.group_account_invoice,base.group_system",
    )
    transaction_ids = fields.One2many(
        "payment.transaction",
        "payment_link_id",
        string="Payment Pages",
        readonly=True,
        groups="account.group_account_invoice,base.group_system",
    )

    _token_uniq = models.UniqueIndex(
        "(token_digest) WHERE token_digest IS NOT NULL", "This token is taken."
    )
    _lead_open_uniq = models.UniqueIndex(
        "(lead_id) WHERE lead_id IS NOT NULL"
        " AND state IN ('creating', 'waiting', 'processing')",
        "This deal already has an open payment link.",
    )
    _waiting_idx = models.Index(
        "(expires_at) WHERE state IN ('creating', 'waiting', 'processing')"
    )

    # === Computes and selections === #

    @api.model
    def _selection_state(self):
        return [
            (State.CREATING.value, self.env._("In preparation")),
            (State.WAITING.value, self.env._("Waiting")),
            (State.PROCESSING.value, self.env._("Payment in progress")),
            (State.PAID.value, self.env._("Paid")),
            (State.EXPIRED.value, self.env._("Expired")),
            (State.CANCELED.value, self.env._("Canceled")),
            (State.FAILED.value, self.env._("Failed")),
            (State.PART_REFUNDED.value, self.env._("Partly refunded")),
            (State.REFUNDED.value, self.env._("Refunded")),
            (State.DISPUTED.value, self.env._("Disputed")),
        ]

    @api.depends("state", "amount", "refunded_amount")
    def _compute_received_amount(self):
        for link in self:
            is_settled = link.state in SETTLED_STATES
            link.received_amount = is_settled and link.amount - link.refunded_amount

    @api.depends("token")
    def _compute_url(self):
        for link in self:
            link.url = link.token and urljoin(
                link.company_id.get_base_url(), f"/pay/{link.token}"
            )

    @api.depends(
        "state",
        "state_reason",
        "booking_note",
        "exchange_id.cause_code",
        "connection_id.state",
        "connection_id.error_code",
    )
    def _compute_problem(self):
        for link in self:
            waiting = link.state == "creating" and link._get_waiting_problem()
            link.problem = waiting or link.state_reason or link.booking_note

    # === The document === #

    @api.model
    def _get_document_fields(self):
        """Names of the fields that may hold the document a link is for."""
        return ["lead_id"]

    def _get_document(self):
        self.ensure_one()
        for name in self._get_document_fields():
            if self[name]:
                return self[name]
        return self.env["crm.lead"]

    # === Opening === #

    @api.model
    def _open_link(self, values):
        """Create a link and ask for its first page, in the caller's transaction.

        :param dict values: fields of the link, without its token and state
        :return: the link (superuser)
        """
        # sudo: sellers read links and make them through their documents only
        links = self.sudo()
        # One open link per document: the one just closed must leave first.
        links.flush_model(["state"])
        token = make_token(secrets.token_bytes(TOKEN_BYTES))
        link = links.create(
            {
                **values,
                "token": token,
                "token_digest": hash_token(token),
                # Nobody asked when the client himself did, on his page.
                "user_id": not self.env.user._is_public() and self.env.uid,
            }
        )
        link.name = f"PL{link.id:05d}"
        link._ask_page()
        link._emit("payment_link_created")
        return link

    def _ask_page(self):
        """Write the transaction of a new page and the message that asks for it."""
        self.ensure_one()
        transaction = self.env["payment.transaction"].create(
            self._prepare_transaction_values()
        )
        params = self._prepare_session_params(transaction)
        exchange = self.connection_id._enqueue(
            const.CALL_CREATE,
            json.dumps({"params": params}).encode(),
            idempotency_key=f"{self.env.cr.dbname}-{transaction.reference}-{self.token_digest[:12]}",
            record=transaction,
        )
        self.write(
            {
                "transaction_id": transaction.id,
                "exchange_id": exchange.id,
                "state": "creating",
            }
        )

    def _prepare_transaction_values(self):
        account = self.connection_id.payment_provider_id
        document = self._get_document()
        method = self.env.ref("payment.payment_method_unknown")
        return {
            "provider_id": account.id,
            "payment_method_id": method.id,
            "reference": self.env["payment.transaction"]._compute_reference(
                "stripe", prefix=self.name
            ),
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "partner_id": self.partner_id.id,
            "operation": "online_redirect",
            "payment_link_id": self.id,
            "stripe_session_expires_at": self._get_page_deadline(),
            **document._prepare_payment_transaction_values(),
        }

    def _get_page_deadline(self):
        """End of a page opened now: a day at most, not longer than the link.

        Stripe wants half an hour at least, so the last page may outlive the link
        by that much; our own page refuses from the link's end on.
        """
        now = fields.Datetime.now()
        longest = now + timedelta(seconds=const.SESSION_SECONDS)
        shortest = now + timedelta(seconds=const.SESSION_MIN_SECONDS + 60)
        return max(shortest, min(longest, self.expires_at))

    def _prepare_session_params(self, transaction):
        return build_session_v1(self._prepare_session_request(transaction))

    def _prepare_session_request(self, transaction):
        """Return the `SessionRequest` of a page; parts of the addon replace values."""
        currency = self.currency_id.name
        deadline = transaction.stripe_session_expires_at.replace(tzinfo=timezone.utc)
        return SessionRequest(
            reference=transaction.reference,
            amount_minor=minor_units.to_minor(Decimal(str(self.amount)), currency),
            currency=currency,
            description=self.description,
            success_url=f"{self.url}?from=stripe",
            cancel_url=self.url,
            expires_at=int(deadline.timestamp()),
            # Stripe refuses the whole page for an address it cannot read.
            email=email_normalize(transaction.partner_email, strict=False) or "",
            language=self.partner_id.lang or self.company_id.partner_id.lang or "",
            metadata=self._prepare_metadata(transaction),
        )

    def _prepare_metadata(self, transaction):
        """Our references, readable in Stripe and sent back in its events."""
        document = self._get_document()
        return {
            "reference": transaction.reference,
            "link": self.name,
            "document": f"{document._name},{document.id}",
            "document_name": document.display_name,
            "client": f"{self.partner_id._name},{self.partner_id.id}",
            "client_name": self.partner_id.display_name,
            "database": self.env.cr.dbname,
        }

    @api.model
    def _prepare_dry_run_params(self, company):
        """Parameters of a page for one unit of the company's currency."""
        base_url = company.get_base_url()
        deadline = fields.Datetime.now() + timedelta(hours=1)
        currency = company.currency_id.name
        minimum = minor_units.MINIMUM_MINOR.get(currency, 100)
        return build_session_v1(
            SessionRequest(
                reference="dry-run",
                amount_minor=max(minimum, 100),
                currency=currency,
                description=self.env._("Test, nothing to pay"),
                success_url=base_url,
                cancel_url=base_url,
                expires_at=int(deadline.replace(tzinfo=timezone.utc).timestamp()),
            )
        )
