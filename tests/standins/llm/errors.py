"""Refusals in the vendors' words, and the faults that are named after them."""

from ..calls import Refusal

# name: (status, OpenAI's type and code, Anthropic's type, words)
_KINDS = {
    "400": (400, "invalid_request_error", None, "invalid_request_error", "Bad request"),
    "401": (401, "invalid_request_error", "invalid_api_key", "authentication_error",
            "Incorrect API key provided"),
    "402": (402, "billing_error", None, "billing_error", "Payment required"),
    "403": (403, "permission_error", "unsupported_country", "permission_error",
            "Not allowed"),
    "404": (404, "invalid_request_error", "model_not_found", "not_found_error",
            "The model does not exist"),
    "413": (413, "invalid_request_error", None, "request_too_large", "Too large"),
    "too_long": (400, "invalid_request_error", "context_length_exceeded",
                 "invalid_request_error", "prompt is too long: 300000 tokens"),
    "422": (422, "invalid_request_error", None, "invalid_request_error",
            "Unprocessable"),
    "429": (429, "requests", "rate_limit_exceeded", "rate_limit_error",
            "Rate limit reached"),
    "429_ms": (429, "requests", "rate_limit_exceeded", "rate_limit_error",
               "Rate limit reached"),
    "429_no_delay": (429, "requests", "rate_limit_exceeded", "rate_limit_error",
                     "Rate limit reached"),
    "quota": (429, "insufficient_quota", "insufficient_quota", "billing_error",
              "You exceeded your current quota"),
    "500": (500, "server_error", None, "api_error", "The server had an error"),
    "503": (503, "server_error", None, "api_error", "The engine is overloaded"),
    "529": (529, "overloaded_error", None, "overloaded_error", "Overloaded"),
}  # fmt: skip
REFUSALS = tuple(_KINDS)

# What is wrong with an answer that comes: see `server`.
ANSWERS = (
    "cut_stream", "error_in_stream", "invalid_json", "wrong_schema", "refusal",
    "filtered", "no_text", "english", "length", "bad_arguments",
)  # fmt: skip


class VendorError(Refusal):
    """A refusal. :param anthropic: in whose shape"""

    def __init__(self, kind, *, anthropic=False, message="", headers=None, param=None):
        status, type_, code, anthropic_type, words = _KINDS[kind]
        # Anthropic has no code of its own for these
        if anthropic and kind == "quota":
            status = 400
            words = "Your credit balance is too low to access the API."
            anthropic_type = "invalid_request_error"
        super().__init__(message or words, status=status, headers=headers)
        self.anthropic = anthropic
        self.fields = {
            "message": message or words,
            "type": anthropic_type if anthropic else type_,
        }
        if not anthropic:
            self.fields |= {"param": param, "code": code}

    def body(self):
        if self.anthropic:
            error = self.fields
            return {"type": "error", "error": error, "request_id": "req_standin"}
        return {"error": self.fields}


def for_fault(fault, anthropic):
    """Return the refusal a fault stands for, None when it is no refusal."""
    if fault.kind not in _KINDS:
        return None
    headers = {
        "429": {"retry-after": f"{fault.seconds:g}"},
        "429_ms": {"retry-after-ms": f"{fault.seconds * 1000:g}"},
        "529": {"retry-after": f"{fault.seconds:g}"},
    }.get(fault.kind, {})
    return VendorError(fault.kind, anthropic=anthropic, headers=headers)
