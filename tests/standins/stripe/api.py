"""The routes of the API: parse, check, act, answer."""

import re

from . import objects, rules
from .errors import ApiError, missing_param, no_such, unknown_route
from .store import new_id

LIST_LIMIT = 10


class Api:
    """Executes one authenticated call on one account."""

    def __init__(self, state, payments, webhooks):
        self.state = state
        self.payments = payments
        self.webhooks = webhooks
        self._routes = [
            (method, re.compile(f"^/v1/{pattern}$"), action)
            for method, pattern, action in (
                ("POST", "checkout/sessions", self.create_session),
                ("GET", "checkout/sessions", self.list_sessions),
                ("GET", "checkout/sessions/([^/]+)", self.get_session),
                ("POST", "checkout/sessions/([^/]+)/expire", self.expire_session),
                ("GET", "checkout/sessions/([^/]+)/line_items", self.list_lines),
                ("GET", "payment_intents", self.list_kind("payment_intent")),
                ("POST", "payment_intents", self.create_intent),
                ("GET", "payment_intents/([^/]+)", self.get_intent),
                ("GET", "customers/([^/]+)", self.get_kind("customer")),
                ("GET", "payment_methods/([^/]+)", self.get_kind("payment_method")),
                ("POST", "payment_methods/([^/]+)/detach", self.detach_method),
                ("GET", "mandates/([^/]+)", self.get_kind("mandate")),
                ("GET", "charges", self.list_kind("charge", "payment_intent")),
                ("GET", "charges/([^/]+)", self.get_kind("charge")),
                ("POST", "refunds", self.create_refund),
                (
                    "GET",
                    "refunds",
                    self.list_kind("refund", "charge", "payment_intent"),
                ),
                ("GET", "refunds/([^/]+)", self.get_kind("refund")),
                (
                    "GET",
                    "disputes",
                    self.list_kind("dispute", "charge", "payment_intent"),
                ),
                ("GET", "disputes/([^/]+)", self.get_kind("dispute")),
                ("GET", "balance", self.get_balance),
                ("GET", "balance_transactions", self.list_transactions),
                ("GET", "balance_transactions/([^/]+)", self.get_transaction),
                ("GET", "payouts", self.list_kind("payout", "status")),
                ("GET", "payouts/([^/]+)", self.get_kind("payout")),
                ("GET", "account", self.get_account),
                ("POST", "webhook_endpoints", self.create_endpoint),
                ("GET", "webhook_endpoints", self.list_kind("webhook_endpoint")),
                (
                    "GET",
                    "webhook_endpoints/([^/]+)",
                    self.get_kind("webhook_endpoint"),
                ),
                ("GET", "events", self.list_events),
                ("GET", "events/([^/]+)", self.get_event),
            )
        ]

    def call(self, account, method, path, params):
        for route_method, pattern, action in self._routes:
            match = pattern.match(path)
            if match and route_method == method:
                with self.state.lock:
                    answer = action(account, params, *match.groups())
                    return objects.public(answer)
        raise unknown_route(method, path)

    def create_session(self, account, params):
        now = int(self.state.now())
        lines, currency, total, expires_at = rules.check_session(params, now)
        if params.get("customer") and not account.get("customer", params["customer"]):
            raise ApiError(
                f"No such customer: '{params['customer']}'",
                code="resource_missing",
                param="customer",
            )
        session = objects.session(
            account,
            now,
            params,
            lines,
            currency,
            total,
            expires_at,
            self.state.base_url,
        )
        account.put("checkout.session", session)
        self.payments.later(
            max(0, expires_at - self.state.now()),
            lambda: self.payments.refresh(account, session),
        )
        return session

    def get_session(self, account, params, session_id):
        session = account.get("checkout.session", session_id)
        if session is None:
            raise no_such("checkout.session", session_id)
        self.payments.refresh(account, session)
        expanded = params.get("expand") or []
        if "payment_intent" in expanded and session["payment_intent"]:
            intent = account.get("payment_intent", session["payment_intent"])
            return {**session, "payment_intent": intent}
        return session

    def list_sessions(self, account, params):
        rows = account.all("checkout.session")
        if params.get("payment_intent"):
            wanted = params["payment_intent"]
            rows = [row for row in rows if row["payment_intent"] == wanted]
        return page(rows, params, "/v1/checkout/sessions")

    def expire_session(self, account, params, session_id):
        session = account.get("checkout.session", session_id)
        if session is None:
            raise no_such("checkout.session", session_id)
        return self.payments.expire(account, session)

    def list_lines(self, account, params, session_id):
        session = self.get_session(account, {}, session_id)
        url = f"/v1/checkout/sessions/{session_id}/line_items"
        return page(session["_lines"], params, url)

    def create_intent(self, account, params):
        return self.payments.means.charge_later(account, params)

    def get_intent(self, account, params, intent_id):
        intent = account.get("payment_intent", intent_id)
        if intent is None:
            raise no_such("payment_intent", intent_id)
        return self.payments.means.expand(account, intent, params)

    def detach_method(self, account, params, method_id):
        return self.payments.means.detach(account, method_id)

    def create_refund(self, account, params):
        return self.payments.create_refund(account, params)

    def get_kind(self, kind):
        def action(account, params, object_id):
            item = account.get(kind, object_id)
            if item is None:
                raise no_such(kind, object_id)
            return item

        return action

    def list_kind(self, kind, *filters):
        def action(account, params):
            rows = account.all(kind)
            for name in filters:
                if params.get(name):
                    rows = [row for row in rows if row[name] == params[name]]
            return page(rows, params, f"/v1/{kind}s")

        return action

    def get_balance(self, account, params):
        return self.payments.balance.total(account)

    def list_transactions(self, account, params):
        rows = account.all("balance_transaction")
        if params.get("payout"):
            wanted = params["payout"]
            payout = account.get("payout", wanted)
            if payout is None:
                raise no_such("payout", wanted)
            if not payout["automatic"]:
                raise ApiError(
                    "Balance transaction history can only be filtered on automatic "
                    f"transfers, not manual. {wanted} is a manual transfer.",
                    param="payout",
                )
            rows = [row for row in rows if row["_payout"] == wanted]
        for name in ("type", "currency", "source"):
            if params.get(name):
                rows = [row for row in rows if row[name] == params[name]]
        answer = page(rows, params, "/v1/balance_transactions")
        is_expanded = "data.source" in (params.get("expand") or [])
        answer["data"] = [
            self._fill_transaction(account, row, is_expanded) for row in answer["data"]
        ]
        return answer

    def get_transaction(self, account, params, transaction_id):
        row = account.get("balance_transaction", transaction_id)
        if row is None:
            raise no_such("balance_transaction", transaction_id)
        return self._fill_transaction(
            account, row, "source" in (params.get("expand") or [])
        )

    def _fill_transaction(self, account, row, is_expanded):
        row = {**row, "status": self.payments.balance.status_of(row)}
        if is_expanded and row["source"]:
            kinds = ("charge", "refund", "dispute", "payout")
            found = (account.get(kind, row["source"]) for kind in kinds)
            row["source"] = next(filter(None, found), row["source"])
        return row

    def get_account(self, account, params):
        return objects.account_object(account, int(self.state.now()))

    def create_endpoint(self, account, params):
        if not params.get("url"):
            raise missing_param("url")
        enabled = params.get("enabled_events")
        if not enabled:
            raise missing_param("enabled_events")
        endpoint = objects.webhook_endpoint(
            account,
            int(self.state.now()),
            params["url"],
            list(enabled),
            new_id("whsec_", 32),
            params.get("api_version"),
        )
        account.put("webhook_endpoint", endpoint)
        # The secret is given once, at creation.
        return {**endpoint, "secret": endpoint["_secret"]}

    def list_events(self, account, params):
        rows = list(reversed(account.events))
        wanted = params.get("types") or ([params["type"]] if params.get("type") else [])
        if wanted:
            rows = [row for row in rows if row["type"] in wanted]
        return page(rows, params, "/v1/events")

    def get_event(self, account, params, event_id):
        for event in account.events:
            if event["id"] == event_id:
                return event
        raise no_such("event", event_id)


def page(rows, params, url):
    """One page of a list, newest first, with cursors by object id."""
    limit = rules.check_integer(params.get("limit", LIST_LIMIT), "limit")
    if not 1 <= limit <= 100:
        raise ApiError("Invalid integer: limit must be 1 to 100", param="limit")
    since = params.get("created") or {}
    if isinstance(since, dict) and since.get("gte"):
        rows = [row for row in rows if row["created"] >= int(since["gte"])]
    after = params.get("starting_after")
    if after:
        positions = [i for i, row in enumerate(rows) if row["id"] == after]
        if not positions:
            raise no_such("object", after)
        rows = rows[positions[0] + 1 :]
    return {
        "object": "list",
        "data": rows[:limit],
        "has_more": len(rows) > limit,
        "url": url,
    }
