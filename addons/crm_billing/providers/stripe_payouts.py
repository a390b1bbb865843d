"""Payouts and balance of a Stripe account: reading only."""

from __future__ import annotations

from typing import Any

from odoo.addons.crm_base.lib.errors import MalformedAnswerError

from .stripe_client import LIST_PAGE, StripeAccountClient, StripeAnswer


class StripePayoutClient(StripeAccountClient):
    """One page per call: a page that fails is asked again, not the whole list."""

    def retrieve_payout(self, payout_id: str) -> StripeAnswer:
        """Read a payout as it is now."""
        return self._ask(lambda: self._client.v1.payouts.retrieve(payout_id))

    def list_payouts(self, since: int, after: str = "") -> StripeAnswer:
        """Read a page of payouts, newest first.

        :param since: Unix time of the oldest wanted
        :param after: the last payout of the page before
        """
        params = _page_params(after, created={"gte": since})
        return self._list(lambda: self._client.v1.payouts.list(params))

    def list_movements(
        self, *, payout_id: str = "", since: int = 0, after: str = ""
    ) -> StripeAnswer:
        """Read a page of balance transactions, with what they come from.

        :param payout_id: only those of this automatic payout
        """
        filters: dict[str, Any] = {"expand": ["data.source"]}
        if payout_id:
            filters["payout"] = payout_id
        if since:
            filters["created"] = {"gte": since}
        params = _page_params(after, **filters)
        return self._list(lambda: self._client.v1.balance_transactions.list(params))

    def retrieve_balance(self) -> StripeAnswer:
        """Read what Stripe holds for the account."""
        return self._ask(lambda: self._client.v1.balance.retrieve())

    def _list(self, call) -> StripeAnswer:
        answer = self._ask(call)
        if not isinstance(answer.data.get("data"), list):
            raise MalformedAnswerError("Stripe's list has no data")
        return answer


def _page_params(after: str, **values: Any) -> dict[str, Any]:
    params = {"limit": LIST_PAGE, **values}
    if after:
        params["starting_after"] = after
    return params
