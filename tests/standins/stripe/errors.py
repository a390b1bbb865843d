"""Errors in the shape the real API gives them."""

from ..calls import Refusal

DOC_URL = "https://stripe.com/docs/error-codes/"


class ApiError(Refusal):
    """Answered as ``{"error": {...}}`` with its HTTP status."""

    def __init__(
        self,
        message,
        *,
        status=400,
        type="invalid_request_error",
        code=None,
        param=None,
        decline_code=None,
        headers=None,
    ):
        super().__init__(message, status=status, headers=headers)
        self.request_id = "req_standin"
        self.error = {"message": message, "type": type}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = DOC_URL + code.replace("_", "-")
        if param:
            self.error["param"] = param
        if decline_code:
            self.error["decline_code"] = decline_code

    def body(self):
        url = f"https://dashboard.stripe.com/test/logs/{self.request_id}"
        return {"error": {**self.error, "request_log_url": url}}


class Declined(Refusal):
    """The means of payment was refused; the session stays open."""

    def __init__(self, french, code):
        super().__init__(french, status=402)
        self.code = code

    def body(self):
        return {"error": {"code": self.code}}


def missing_param(name):
    return ApiError(
        f"Missing required param: {name}.", code="parameter_missing", param=name
    )


def no_such(kind, object_id):
    return ApiError(
        f"No such {kind}: '{object_id}'",
        status=404,
        code="resource_missing",
        param="id" if kind != "checkout.session" else "session",
    )


def unknown_route(method, path):
    return ApiError(
        f"Unrecognized request URL ({method}: {path}). Please see "
        "https://stripe.com/docs or we can help at https://support.stripe.com/.",
        status=404,
    )


def bad_key(key):
    if not key:
        return ApiError(
            "You did not provide an API key. You need to provide your API key in "
            "the Authorization header, using Bearer auth (e.g. 'Authorization: "
            "Bearer YOUR_SECRET_KEY').",
            status=401,
        )
    hidden = f"{key[:7]}{'*' * 6}{key[-4:]}"
    return ApiError(f"Invalid API Key provided: {hidden}", status=401)


def rate_limited():
    return ApiError(
        "Request rate limit exceeded. Learn more about rate limits here "
        "https://stripe.com/docs/rate-limits.",
        status=429,
        code="rate_limit",
        headers={"Retry-After": "2", "Stripe-Should-Retry": "true"},
    )


def server_trouble():
    return ApiError(
        "An unknown error occurred", status=500, type="api_error", code=None
    )


def not_allowed():
    return ApiError(
        "The provided key does not have the required permissions for this endpoint.",
        status=403,
    )


# What a call may be refused with on demand.
FAULTS = {"500": server_trouble, "429": rate_limited, "403": not_allowed}
