import json
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.crm_base.lib.tokens import hash_token, token_matches

from .. import const
from ..lib.link_state import Fact, State
from .crm_payment_link import OPEN_STATES

# A page about to close is not worth sending a client to.
PAGE_MARGIN_SECONDS = 120
CHECK_AFTER_MINUTES = 10
CHECK_BATCH = 200


class CrmPaymentLink(models.Model):
    """What the client, the clock and the cancel button do to a link."""

    _inherit = "crm.payment.link"

    # === The client's page === #

    @api.model
    def _find_by_token(self, token):
        """Return the link of a token (superuser), empty when it opens nothing."""
        # sudo: the token is the visitor's only right
        link = self.sudo().search([("token_digest", "=", hash_token(token))], limit=1)
        return link if token_matches(token, link.token_digest) else link.browse()

    def _is_valid(self):
        self.ensure_one()
        return self.state in OPEN_STATES and self.expires_at > fields.Datetime.now()

    def _get_live_page_url(self):
        """Return the address of the payment page, False when none is open now."""
        self.ensure_one()
        page = self.transaction_id
        margin = timedelta(seconds=PAGE_MARGIN_SECONDS)
        deadline = page.stripe_session_expires_at
        is_live = (
            self.state == State.WAITING.value
            and page.state == "draft"
            and page.stripe_session_url
            and deadline
            and deadline > fields.Datetime.now() + margin
        )
        return is_live and page.stripe_session_url

    def _renew_page(self):
        """Ask for a new page once the last one can no longer be paid.

        :return: whether a page is being prepared
        """
        self.ensure_one()
        if self.state == State.CREATING.value:
            return True
        if self.state != State.WAITING.value or not self._is_valid():
            return False
        if self._get_live_page_url():
            return False
        page = self.transaction_id
        if page.state == "draft":
            page._set_canceled()
        self._ask_page()
        return True

    def _get_page_status(self):
        """Reduce the state to what a client needs to know."""
        self.ensure_one()
        if self.state == State.CREATING.value and self._is_valid():
            return "preparing"
        if self.state == State.WAITING.value and self._is_valid():
            return "payable"
        closed = {
            State.PROCESSING: "processing",
            State.PAID: "paid",
            State.DISPUTED: "paid",
            State.PART_REFUNDED: "part_refunded",
            State.REFUNDED: "refunded",
            State.CANCELED: "canceled",
            State.FAILED: "failed",
        }
        return closed.get(State(self.state), "expired")

    # === Closing === #

    def _cancel(self):
        """Close links nobody should pay any more."""
        for link in self.filtered(lambda link: link.state in ("creating", "waiting")):
            link._close(Fact.CANCELED)

    def _close(self, fact, reason=False):
        """Close the page at Stripe, too, and the link here at once."""
        self.ensure_one()
        page = self.transaction_id
        if page.state == "draft":
            page._set_canceled()
        self._learn(fact, reason=reason)
        self._ask_expire(page)

    def _ask_expire(self, page):
        """Close a page at Stripe when it is still open there."""
        now = fields.Datetime.now()
        if page.stripe_session_id and (page.stripe_session_expires_at or now) > now:
            self._ask(const.CALL_EXPIRE, page, "expire")

    def _get_pages_to_ask(self):
        """Pages that may have been paid without our knowing."""
        return self.transaction_id

    def _ask_check(self, page, suffix):
        if page.stripe_session_id:
            self._ask(const.CALL_CHECK, page, f"check-{suffix}")

    def _ask(self, event, page, purpose):
        self.connection_id._enqueue(
            event,
            json.dumps({"session": page.stripe_session_id}).encode(),
            idempotency_key=f"{page.stripe_session_id}-{purpose}",
            record=page,
            personal=False,
        )

    # === The clock === #

    @api.model
    def _cron_check_waiting(self):
        """Ask Stripe about links still waiting, close those that have ended.

        Only writes messages: the sender asks Stripe, and what it answers is
        applied by the same code as an event.
        """
        now = fields.Datetime.now()
        last_id = self.env.context.get("crm_billing_after_id", 0)
        while True:
            links = self.search(
                [
                    ("id", ">", last_id),
                    ("state", "in", ("waiting", "processing")),
                    ("connection_id.state", "!=", "off"),
                ],
                order="id",
                limit=CHECK_BATCH,
            )
            if not links:
                return
            last_id = links[-1].id
            links._check_waiting(now)
            if not self.env["ir.cron"]._commit_progress(len(links)):
                return

    def _check_waiting(self, now):
        hour = now.strftime("%Y%m%d%H")
        since = now - timedelta(minutes=CHECK_AFTER_MINUTES)
        for link in self:
            is_over = link.expires_at <= now
            if link.state == "waiting" and is_over:
                # Paid a second ago? The check below or the event will say so.
                link._close(Fact.EXPIRED)
            # Also pages a newer one replaced: their payment may have gone unheard.
            for page in link._get_pages_to_ask():
                if page.create_date <= since:
                    link._ask_check(page, hour)
