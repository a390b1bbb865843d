"""Objects in the shape of the API; names that start with ``_`` stay inside."""

import hashlib

from . import files
from .store import new_id

FONT = {
    "family": "Inconsolata",
    "color": "#000000",
    "size": 12,
    "variants": {"italic": False, "bold": False},
}


def public(item, *without):
    return {
        name: value
        for name, value in item.items()
        if not name.startswith("_") and name not in without
    }


def new_request(state, account, values):
    note = values.get("email_notification") or {}
    sender = note.get("sender") or {}
    return {
        "id": new_id(),
        "status": "draft",
        "name": values["name"],
        "delivery_mode": values["delivery_mode"],
        "created_at": state.iso(),
        "activated_at": None,
        "completed_at": None,
        "approved_at": None,
        "ordered_signers": bool(values.get("ordered_signers")),
        "ordered_approvers": False,
        "custom_recipient_order": bool(values.get("custom_recipient_order")),
        "reminder_settings": values.get("reminder_settings"),
        "timezone": values.get("timezone") or "Europe/Paris",
        "email_custom_note": None,
        "expiration_date": f"{values['expiration_date']}T23:59:59+00:00",
        "source": "public_api",
        "signers": [],
        "approvers": [],
        "labels": [],
        "documents": [],
        "sender": None,
        "external_id": values.get("external_id"),
        "branding_id": None,
        "custom_experience_id": None,
        "signers_allowed_to_decline": bool(values.get("signers_allowed_to_decline")),
        "workspace_id": values.get("workspace_id") or account.workspace_id,
        "audit_trail_locale": values.get("audit_trail_locale") or "en",
        "email_notification": {
            "sender": {
                "type": sender.get("type") or "organization",
                "custom_name": sender.get("custom_name"),
            },
            "custom_note": note.get("custom_note"),
        },
        "bulk_send_batch_id": None,
        "decline_information": None,
        "rejection_information": None,
        "workflow_session_id": None,
        "previous_attempt_id": None,
        "_documents": [],
        "_signers": [],
        "_downloads": 0,
    }


def read_request(request):
    """A request with the short lists of its signers and documents."""
    return {
        **public(request),
        "signers": [
            {"id": signer["id"], "status": signer["status"]}
            for signer in request["_signers"]
        ],
        "documents": [
            {"id": document["id"], "nature": document["nature"]}
            for document in request["_documents"]
        ],
    }


def listed_request(request):
    hidden = ("email_notification", "decline_information", "rejection_information")
    return public(read_request(request), *hidden)


def activated_request(request):
    hidden = ("source", "sender", "workspace_id", "email_notification")
    hidden += ("bulk_send_batch_id", "decline_information")
    links = ("id", "status", "signature_link", "signature_link_expiration_date")
    return {
        **public(read_request(request), *hidden),
        "signers": [{name: s[name] for name in links} for s in request["_signers"]],
    }


def new_document(state, name, content, nature):
    return {
        "id": new_id(),
        "filename": name,
        "nature": nature,
        "content_type": "application/pdf",
        "sha256": hashlib.sha256(content).hexdigest(),
        "is_protected": False,
        "is_signed": b"/ByteRange" in content,
        "created_at": state.iso(),
        "total_pages": files.count_pages(content),
        "is_locked": False,
        "initials": None,
        "total_anchors": 0,
        "excluded_approvers": [],
        "excluded_signers": [],
        "_content": content,
    }


def new_signer(values, stage):
    info = values["info"]
    urls = values.get("redirect_urls") or {}
    texts = values.get("custom_text") or {}
    signer_id = new_id()
    return {
        "id": signer_id,
        "info": {
            "first_name": info["first_name"],
            "last_name": info["last_name"],
            "email": info["email"],
            "phone_number": info.get("phone_number"),
            "locale": info["locale"],
        },
        "status": "initiated",
        "fields": [new_field(signer_id, item) for item in values.get("fields") or []],
        "signature_level": values["signature_level"],
        "signature_authentication_mode": values.get("signature_authentication_mode"),
        "signature_link": None,
        "signature_link_expiration_date": None,
        "signature_image_preview": None,
        "redirect_urls": {
            name: urls.get(name) for name in ("success", "error", "decline")
        },
        "custom_text": {
            name: texts.get(name)
            for name in (
                "request_subject",
                "request_body",
                "reminder_subject",
                "reminder_body",
            )
        },
        "delivery_mode": values.get("delivery_mode"),
        "identification_attestation_id": None,
        "sms_notification": {"otp_message": {"custom_text": None}},
        "email_notification": {"disabled": []},
        "pre_identity_verification_required": False,
        "verified_identity_id": None,
        "recipient_stage_index": stage,
        "excluded_documents": [],
        "signed_at": None,
        "_opened_at": None,
        "_reminders": 0,
    }


def new_field(signer_id, values):
    """A field as the API gives it back, with what it fills in by itself."""
    item = {"id": new_id(), "signer_id": signer_id, **values}
    more = {
        "signature": {
            "width": 85,
            "height": 37,
            "reason": None,
            "display": {"layout": "minimal"},
        },
        "text": {
            "width": 200,
            "height": 24,
            "instruction": None,
            "answer": None,
            "font": FONT,
            "name": None,
            "default_value": None,
            "read_only": False,
        },
        "mention": {"width": 100, "height": 24, "font": FONT, "name": None},
        "checkbox": {"size": 24, "name": None},
    }[item["type"]]
    for name in ("default_checked", "read_only"):
        if item["type"] == "checkbox":
            item.pop(name, None)
    return {**more, **item}
