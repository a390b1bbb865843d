"""Errors in the shapes the real service gives them."""

from ..calls import Refusal


class ApiError(Refusal):
    """Answered as ``{"errorCode": ..., "message": ...}`` with its HTTP status."""

    def __init__(self, code, message, status=400, headers=None):
        super().__init__(message, status=status, headers=headers)
        self.code = code

    def body(self):
        return {"errorCode": self.code, "message": str(self)}


class GrantError(Refusal):
    """Answered by the sign-in host: ``{"error": ...}``, always with status 400."""

    def __init__(self, error, description=""):
        super().__init__(error)
        self.error = error
        self.description = description

    def body(self):
        if not self.description:
            return {"error": self.error}
        return {"error": self.error, "error_description": self.description}


def invalid_grant(description):
    return GrantError("invalid_grant", description)


def bad_token():
    return ApiError(
        "AUTHORIZATION_INVALID_TOKEN",
        "The access token provided is expired, revoked or malformed.",
        401,
    )


def not_a_member():
    return ApiError(
        "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT",
        "The specified User is not a member of the specified Account.",
        401,
    )


def no_such_envelope():
    return ApiError(
        "ENVELOPE_DOES_NOT_EXIST",
        "The envelope specified either does not exist or you have no rights to it.",
        404,
    )


def no_such_document():
    return ApiError(
        "DOCUMENT_DOES_NOT_EXIST",
        "The document specified was not found.",
        404,
    )


def unknown_route(method, path):
    return ApiError("ROUTE_NOT_FOUND", f"No route {method} {path}.", 404)


def bad_parameter(message):
    return ApiError("INVALID_REQUEST_PARAMETER", message)


def bad_body(message):
    return ApiError("INVALID_REQUEST_BODY", message)


def hourly_limit(reset):
    """Sent as 400, as it was for years, with the end of the hour in a header."""
    return ApiError(
        "HOURLY_APIINVOCATION_LIMIT_EXCEEDED",
        "The maximum number of hourly API invocations has been exceeded. "
        "The hourly limit is 3000.",
        400,
        {
            "X-RateLimit-Limit": "3000",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int(reset)),
        },
    )


def burst_limit():
    return ApiError(
        "BURST_APIINVOCATION_LIMIT_EXCEEDED",
        "The maximum number of burst API invocations has been exceeded.",
        400,
        {"X-BurstLimit-Limit": "500", "X-BurstLimit-Remaining": "0"},
    )


def polling_limit():
    return ApiError(
        "HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED",
        "The number of reads of this envelope in an hour has been exceeded.",
        400,
    )


def no_permission():
    return ApiError(
        "USER_LACKS_PERMISSIONS",
        "This user lacks sufficient permissions to access this resource.",
        403,
    )


def server_trouble():
    return ApiError("UNSPECIFIED_ERROR", "An error occurred on the server.", 500)
