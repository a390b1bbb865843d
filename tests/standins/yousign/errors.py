"""Errors in the shape the real API gives them."""

from ..calls import Refusal


class ApiError(Refusal):
    """Answered as ``{type, detail}``, or ``{message}`` for 405 and 429."""

    def __init__(self, detail, *, status=400, kind="", headers=None):
        super().__init__(detail, status=status, headers=headers)
        self.detail = detail
        self.kind = kind or _KINDS.get(status, "about:blank")

    def body(self):
        if self.status in (405, 429):
            return {"message": self.detail}
        return {"type": self.kind, "detail": self.detail}


_KINDS = {
    400: "validation-error",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    415: "unsupported-media-type",
    500: "internal-server-error",
}


def missing(what, object_id):
    return ApiError(f"{what} {object_id} was not found.", status=404)


def bad_key():
    return ApiError("The API key is missing or not valid.", status=401)


# What a call may be refused with on demand.
FAULTS = ("401", "403", "429", "500", "503")


def for_fault(fault):
    """Return what an asked fault answers, None when it is no plain answer."""
    seconds = str(int(fault.seconds))
    return {
        "401": bad_key(),
        "403": ApiError("The API key may not do this.", status=403),
        "429": ApiError(
            "API rate limit exceeded",
            status=429,
            headers={"Retry-After": seconds, "RateLimit-Reset": seconds},
        ),
        "500": ApiError("An error occurred.", status=500),
        "503": ApiError("The service is not available.", status=503),
    }.get(fault.kind)
