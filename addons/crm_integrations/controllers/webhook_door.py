"""What every route for the events of a partner does."""

from odoo.http import request

# The options of such a route.
DOOR = {
    "type": "http",
    "auth": "public",
    "methods": ["POST"],
    "csrf": False,
    "save_session": False,
}


def receive(provider: str, access_key: str, max_bytes: int):
    """Verify, store, answer: a job does the rest.

    :param access_key: last part of the address
    """
    length = request.httprequest.content_length
    if length is None or length > max_bytes:
        return request.make_response("", status=413 if length else 411)
    if not access_key.isprintable():
        # PostgreSQL takes no NUL: an error for the log at anybody's will
        return request.make_response("", status=404)
    connection = request.env["crm.connection"]._find_by_webhook_key(
        provider, access_key
    )
    if not connection:
        return request.make_response("", status=404)
    status = connection._accept_webhook(
        # kept: the request runs again when the database was busy
        request.httprequest.get_data(cache=True),
        request.httprequest.headers,
    )
    return request.make_response("", status=status)
