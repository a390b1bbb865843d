import secrets
from datetime import datetime, timedelta, timezone

from odoo import Command, fields, models

from odoo.addons.crm_base.lib.tokens import hash_token, make_token
from odoo.addons.crm_billing.lib.link_state import Fact
from odoo.addons.crm_billing.lib.stripe_session import (
    DisputeNews,
    RefundNews,
    SessionNews,
)
from odoo.addons.crm_billing.models.crm_payment_link import TOKEN_BYTES

from ..lib.invoice_plan import Outcome, plan_invoices
from .crm_demo_invoice import PINNED_AGES_DAYS

SETTLED = {"paid", "refunded", "part_refunded", "disputed"}


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_payment_link(self):
        """Create payment links in each state, through the road real ones take.

        Only the calls are left out: what Stripe would have said is said here.
        """
        newest_deals = iter(self._get_linkable_deals())
        links = [
            (lead, row)
            for row in self._read_table("payment_links")
            if (lead := self._recall("deal", row["deal"]) or next(newest_deals, None))
        ]
        links.sort(key=lambda pair: self._get_asked_at(*pair))
        exchanges = []
        for lead, row in links:
            exchanges += self.with_company(lead.company_id)._tell_link(lead, row)
        # The log of messages is read in the order it was written.
        for at, write in sorted(exchanges, key=lambda exchange: exchange[0]):
            write(at)

    def _get_asked_at(self, lead, row):
        return self._get_past(lead.date_closed, row["asked_days"])

    def _get_linkable_deals(self):
        """Return won deals of the agency whose invoice is not settled, newest first."""
        plans = plan_invoices(
            self._get_closed_deals(), self._get_today(), PINNED_AGES_DAYS
        )
        keys = [
            plan.deal.key
            for plan in plans
            if plan.outcome in {Outcome.TO_INVOICE, Outcome.WAITING}
            and plan.deal.key not in PINNED_AGES_DAYS
        ]
        deals = self.env["crm.lead"].browse([self._recall_id("deal", k) for k in keys])
        return deals.sorted("date_closed", reverse=True)

    def _tell_link(self, lead, row):
        """Create one link and return what it leaves in the log of messages."""
        known_messages = lead.message_ids
        asked_at = self._get_asked_at(lead, row)
        # A link that still waits had a page of its own for one day.
        settled_days = row["settled_days"] or int(row["asked_days"]) + 1
        settled_at = self._get_past(lead.date_closed, settled_days, 60)
        if row["state"] == "expired":
            settled_at = self._get_past(asked_at, row["valid_days"])
        link = self._open_past_link(lead, asked_at, int(row["valid_days"]))
        page = self._open_past_page(link, row["state"])
        link._learn(Fact.CREATED)
        # Payments of the books are dated by this default.
        context = {"default_date": settled_at.date()}
        getattr(self, f"_settle_{row['state']}")(
            link, page.with_context(**context), settled_at
        )
        self._date_link(link, asked_at, settled_at)
        self._date_messages(lead.message_ids - known_messages, asked_at, settled_at)
        return self._plan_exchanges(link, page, asked_at, settled_at)

    def _get_past(self, day: datetime, days, minutes: int = 20) -> datetime:
        """Return a moment so many days and minutes later, never in the future."""
        wanted = day + timedelta(days=int(days), minutes=minutes)
        return min(wanted, fields.Datetime.now() - timedelta(minutes=30 - minutes // 3))

    def _open_past_link(self, lead, asked_at, valid_days):
        token = make_token(secrets.token_bytes(TOKEN_BYTES))
        link = self.env["crm.payment.link"].create(
            {
                **lead._check_payment_link({}),
                "expires_at": asked_at + timedelta(days=valid_days),
                "token": token,
                "token_digest": hash_token(token),
                "user_id": lead.user_id.id,
            }
        )
        link.name = f"PL{link.id:05d}"
        lead.payment_link_id = link
        return link

    def _open_past_page(self, link, state):
        """Create the payment page; those of settled links settle the invoice."""
        invoice = self._recall_invoice(link.lead_id)
        values = link._prepare_transaction_values()
        if state in {"paid", "disputed"} and invoice.state == "posted":
            values["invoice_ids"] = [Command.set(invoice.ids)]
        page = self.env["payment.transaction"].create(values)
        link.transaction_id = page
        return page

    def _recall_invoice(self, lead):
        return lead.order_ids.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
        )[:1]

    def _prepare_news(self, page, fact):
        intent = (
            f"pi_demo_{page.id:05d}" if fact in {Fact.PAID, Fact.PROCESSING} else ""
        )
        return SessionNews(
            session_id=f"cs_test_demo_{page.id:05d}",
            url="",
            amount_minor=self._get_minor(page.amount),
            currency=page.currency_id.name,
            payment_intent_id=intent,
            expires_at=0,
            metadata={},
            fact=fact,
            method_type="sepa_debit" if fact is Fact.PROCESSING else "card",
        )

    def _get_minor(self, amount):
        return round(amount * 100)

    # === What became of the link === #

    def _settle_waiting(self, link, page, at):
        # A page lives a day: the link opens a new one when the client comes.
        page._close_unpaid(Fact.EXPIRED)

    def _settle_paid(self, link, page, at):
        page._receive_fact(Fact.PAID, self._prepare_news(page, Fact.PAID), at=at)

    def _settle_processing(self, link, page, at):
        news = self._prepare_news(page, Fact.PROCESSING)
        page._receive_fact(Fact.PROCESSING, news, at=at)

    def _settle_failed(self, link, page, at):
        news = self._prepare_news(page, Fact.PAYMENT_FAILED)
        page._receive_fact(Fact.PAYMENT_FAILED, news, at=at)

    def _settle_expired(self, link, page, at):
        link._close(Fact.EXPIRED)

    def _settle_canceled(self, link, page, at):
        link._cancel()

    def _settle_refunded(self, link, page, at):
        self._settle_refund(link, page, at, self._get_minor(page.amount))

    def _settle_part_refunded(self, link, page, at):
        self._settle_refund(link, page, at, self._get_minor(page.amount) // 4)

    def _settle_refund(self, link, page, at, amount_minor):
        self._settle_paid(link, page, at)
        refund = RefundNews(
            refund_id=f"re_demo_{page.id:05d}",
            amount_minor=amount_minor,
            currency=page.currency_id.name,
            status="succeeded",
        )
        page._receive_refunds([refund])

    def _settle_disputed(self, link, page, at):
        self._settle_paid(link, page, at)
        due_by = datetime.combine(self._get_day("9"), datetime.min.time())
        news = DisputeNews(
            dispute_id=f"dp_demo_{page.id:05d}",
            payment_intent_id=page.provider_reference,
            charge_id=f"ch_demo_{page.id:05d}",
            amount_minor=self._get_minor(page.amount),
            currency=page.currency_id.name,
            reason="product_not_received",
            status="needs_response",
            due_by=int(due_by.replace(tzinfo=timezone.utc).timestamp()),
        )
        page._receive_dispute(news, "charge.dispute.created", at)

    # === Dates === #

    def _date_link(self, link, asked_at, settled_at):
        pages = link.transaction_ids + link.transaction_ids.child_transaction_ids
        self._backdate(
            link, {"create_date": [asked_at], "create_uid": [link.user_id.id]}
        )
        self._backdate(
            pages,
            {
                "create_date": [asked_at] * len(pages),
                "last_state_change": [settled_at] * len(pages),
            },
        )

    def _date_messages(self, messages, asked_at, settled_at):
        first = messages.sorted("id")[:1]
        instants = [asked_at if entry == first else settled_at for entry in messages]
        self._backdate(messages, {"create_date": instants, "date": instants})
