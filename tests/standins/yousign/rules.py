"""What the API refuses, before anything is stored."""

import re
from datetime import date, timedelta

from .errors import ApiError

LEVELS = {
    "electronic_signature": ("no_otp", "otp_email", "otp_sms", None),
    "advanced_electronic_signature": ("otp_sms",),
    "qualified_electronic_signature": (None,),
}
LOCALES = ("en", "fr", "de", "it", "nl", "es", "pl")
AUDIT_LOCALES = ("de", "en", "es", "fr", "it", "pt", "ro")
REQUEST_FIELDS = frozenset(
    (
        "name delivery_mode ordered_signers custom_recipient_order timezone"
        " expiration_date external_id workspace_id audit_trail_locale"
        " signers_allowed_to_decline reminder_settings email_notification"
    ).split()
)
SIGNER_FIELDS = frozenset(
    (
        "info fields insert_after_id group_with_id signature_level redirect_urls"
        " signature_authentication_mode custom_text delivery_mode"
    ).split()
)
FIELD_NAMES = {
    "signature": "width height reason",
    "text": "width height max_length question instruction optional default_value",
    "mention": "width height mention",
    "checkbox": "size optional checked",
}
FIELD_NEEDS = {
    "signature": (),
    "text": ("max_length", "question", "optional"),
    "mention": ("mention",),
    "checkbox": ("checked", "optional"),
}
BOUNDS = {
    ("signature", "width"): (85, 2000),
    ("signature", "height"): (37, 1000),
    ("text", "width"): (24, 32767),
    ("text", "height"): (24, 32767),
    ("mention", "width"): (24, 32767),
    ("mention", "height"): (24, 32767),
    ("checkbox", "size"): (8, 240),
}
_NAME = re.compile(r"(?!\s)[0-9A-Za-z\u00c0-\u017e\u0218-\u021b`'() -]+(?<!\s)")
_UNSAFE = re.compile(r"[<>]|https?://|www\.")


def refuse(detail):
    raise ApiError(detail)


def check_request(state, values):
    _known(values, REQUEST_FIELDS)
    name = values.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= 128 or _UNSAFE.search(name):
        refuse("name: This value is not valid.")
    if values.get("delivery_mode") not in ("email", "none"):
        refuse("delivery_mode: This value is not valid.")
    external_id = values.get("external_id")
    if external_id is not None and not re.fullmatch(r"[\w\-@.%+]{1,255}", external_id):
        refuse("external_id: This value is not valid.")
    reminder = values.get("reminder_settings")
    if reminder and reminder.get("interval_in_days") not in (1, 2, 7, 14):
        refuse("reminder_settings.interval_in_days: This value is not valid.")
    if values.get("audit_trail_locale") not in (None, *AUDIT_LOCALES):
        refuse("audit_trail_locale: This value is not valid.")
    note = (values.get("email_notification") or {}).get("custom_note") or ""
    if len(note) > 2000 or _UNSAFE.search(note):
        refuse("email_notification.custom_note: This value is not valid.")
    _check_expiration(state, values)


def _check_expiration(state, values):
    today = state.today()
    text = values.setdefault("expiration_date", str(today + timedelta(days=182)))
    try:
        last = date.fromisoformat(text)
    except (TypeError, ValueError):
        refuse("expiration_date: This value is not valid.")
    if not today <= last <= today + timedelta(days=366):
        refuse("expiration_date: The date must be within a year from now.")


def check_signer(request, values):
    _known(values, SIGNER_FIELDS)
    info = values.get("info")
    if not isinstance(info, dict):
        refuse("info: This value should not be blank.")
    for name in ("first_name", "last_name"):
        if not _NAME.fullmatch(str(info.get(name) or "")):
            refuse(f"info.{name}: This value is not valid.")
    email = str(info.get("email") or "")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email) or len(email) > 100:
        refuse("info.email: This value is not a valid email address.")
    if info.get("locale") not in LOCALES:
        refuse("info.locale: The value you selected is not a valid choice.")
    phone = info.get("phone_number")
    if phone is not None and not re.fullmatch(r"\+[1-9][0-9]{6,14}", phone):
        refuse("info.phone_number: This value is not a valid phone number.")
    modes = LEVELS.get(values.get("signature_level"))
    if modes is None:
        refuse("signature_level: The value you selected is not a valid choice.")
    mode = values.get("signature_authentication_mode")
    if mode not in modes:
        refuse("signature_authentication_mode: This value is not valid.")
    if mode == "otp_sms" and not phone:
        refuse("info.phone_number: This value should not be blank.")
    for url in (values.get("redirect_urls") or {}).values():
        if url is not None and len(url) > 255:
            refuse("redirect_urls: This value is too long.")
    _check_place(request, values)
    for item in values.get("fields") or []:
        check_field(request, item)


def _check_place(request, values):
    ids = {signer["id"] for signer in request["_signers"]}
    after, beside = values.get("insert_after_id"), values.get("group_with_id")
    if after and after not in ids or beside and beside not in ids:
        refuse("insert_after_id: The recipient was not found.")
    if beside and not request["custom_recipient_order"]:
        refuse("group_with_id: custom_recipient_order is not enabled.")
    is_ordered = request["custom_recipient_order"] or request["ordered_signers"]
    if after and not is_ordered:
        refuse("insert_after_id: ordered_signers is not enabled.")


def check_field(request, item):
    kind = item.get("type")
    if kind not in FIELD_NAMES:
        refuse("fields.type: The value you selected is not a valid choice.")
    common = "document_id type page x y name read_only"
    _known(item, frozenset(f"{common} {FIELD_NAMES[kind]}".split()))
    documents = {d["id"]: d for d in request["_documents"]}
    document = documents.get(item.get("document_id"))
    if document is None or document["nature"] != "signable_document":
        refuse("fields.document_id: The document was not found.")
    for name in ("page", "x", "y", *FIELD_NEEDS[kind]):
        if name not in item:
            refuse(f"fields.{name}: This value should not be blank.")
    for name in ("page", "x", "y", "width", "height", "size", "max_length"):
        value = item.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            refuse(f"fields.{name}: This value should be of type integer.")
        low, high = BOUNDS.get((kind, name), (0, 32767))
        if name in item and not low <= value <= high:
            refuse(f"fields.{name}: This value should be between {low} and {high}.")
    if not 1 <= item["page"] <= document["total_pages"]:
        refuse("fields.page: The page does not exist.")
    height = item.get("height", 24)
    if kind in ("text", "mention") and height != 24 and height % 15:
        refuse("fields.height: This value is not valid.")


def check_activation(request):
    if request["status"] != "draft":
        refuse("The signature request is not in draft status.")
    kinds = [document["nature"] for document in request["_documents"]]
    if "signable_document" not in kinds:
        refuse("At least one signable document is required.")
    if not request["_signers"]:
        refuse("At least one signer is required.")
    for signer in request["_signers"]:
        if not any(item["type"] == "signature" for item in signer["fields"]):
            refuse("Each signer needs at least one signature field.")


def check_draft(request):
    if request["status"] != "draft":
        refuse("The signature request is not in draft status.")


def _known(values, names):
    if not isinstance(values, dict):
        refuse("The body is not an object.")
    for name in values:
        if name not in names:
            refuse(f"{name}: This field was not expected.")
