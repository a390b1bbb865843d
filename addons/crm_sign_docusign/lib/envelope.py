"""A signature request as the definition of an envelope.

Every value is a JSON string, numbers and booleans included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .tabs import Field, build_tabs

# Languages of DocuSign's mails and pages that our users may have.
LANGUAGES = frozenset("cs da de en es fi fr hu it ja nl pl pt ro sk sv tr uk".split())
# Calling codes of one and two digits; all others have three (ITU-T E.164).
_SHORT_CODES = frozenset(
    "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 "
    "58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split()
)


@dataclass(frozen=True)
class Document:
    """A file; its content is added when the call is made."""

    document_id: str
    name: str


@dataclass(frozen=True)
class Signer:
    """Somebody who signs.

    :param order: same number, same time
    :param phone: in E.164, needed for a code by SMS and for an advanced signature
    :param code_sms: a code by SMS before the documents open
    :param signature_provider: name of DocuSign's provider of a higher level
    """

    recipient_id: str
    name: str
    email: str
    order: int
    lang: str = ""
    phone: str = ""
    code_sms: bool = False
    signature_provider: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Envelope:
    """Everything DocuSign is told.

    :param reference: our name of this sending, found again by a search
    :param transaction_id: a GUID that names this creation for seven days
    :param expire_days: days until it closes by itself, 0: the account's rule
    :param webhook_url: where Connect reports, empty: nowhere
    """

    reference: str
    transaction_id: str
    subject: str
    message: str
    documents: tuple[Document, ...]
    signers: tuple[Signer, ...]
    expire_days: int = 0
    allow_reassign: bool = False
    webhook_url: str = ""
    phone_workflow: str = ""


def build_envelope_v1(
    envelope: Envelope,
    *,
    reference_field: str,
    events: tuple[str, ...],
    subject_length: int,
    message_length: int,
) -> dict[str, Any]:
    """Return the body of a creation as draft, without the files' content."""
    definition: dict[str, Any] = {
        "status": "created",
        "emailSubject": shorten(envelope.subject, subject_length),
        "emailBlurb": envelope.message[:message_length],
        "transactionId": envelope.transaction_id,
        "allowReassign": _flag(envelope.allow_reassign),
        "customFields": {
            "textCustomFields": [
                {
                    "name": reference_field,
                    "value": envelope.reference,
                    "show": "false",
                    "required": "false",
                }
            ]
        },
        "documents": [
            {
                "documentId": document.document_id,
                "name": document.name,
                "fileExtension": "pdf",
                "order": str(position),
            }
            for position, document in enumerate(envelope.documents, start=1)
        ],
        "recipients": {
            "signers": [
                _build_signer(signer, envelope.phone_workflow)
                for signer in envelope.signers
            ],
        },
        "notification": _build_notification(envelope.expire_days),
    }
    if envelope.webhook_url:
        definition["eventNotification"] = {
            "url": envelope.webhook_url,
            "deliveryMode": "SIM",
            "events": list(events),
            "eventData": {
                "version": "restv2.1",
                "format": "json",
                "includeData": ["recipients", "custom_fields"],
            },
            "includeHMAC": "true",
            "requireAcknowledgment": "true",
            "loggingEnabled": "true",
        }
    return definition


def _build_signer(signer: Signer, phone_workflow: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "recipientId": signer.recipient_id,
        "name": signer.name,
        "email": signer.email,
        "routingOrder": str(signer.order),
        "tabs": build_tabs(signer.fields),
    }
    language = signer.lang.replace("-", "_").split("_")[0].lower()
    if language in LANGUAGES:
        made["emailNotification"] = {"supportedLanguage": language}
    if signer.code_sms:
        code, number = split_phone(signer.phone)
        made["identityVerification"] = {
            "workflowId": phone_workflow,
            "inputOptions": [
                {
                    "name": "phone_number_list",
                    "valueType": "PhoneNumberList",
                    "phoneNumberList": [{"countryCode": code, "number": number}],
                }
            ],
        }
    if signer.signature_provider:
        made["recipientSignatureProviders"] = [
            {
                "signatureProviderName": signer.signature_provider,
                "signatureProviderOptions": {"sms": signer.phone},
            }
        ]
    return made


def _build_notification(expire_days: int) -> dict[str, Any]:
    """Our own plan reminds: DocuSign's would mail the signers twice."""
    made: dict[str, Any] = {
        "useAccountDefaults": "false",
        "reminders": {"reminderEnabled": "false"},
    }
    if expire_days:
        made["expirations"] = {
            "expireEnabled": "true",
            "expireAfter": str(expire_days),
            "expireWarn": "0",
        }
    return made


def _flag(value: bool) -> str:
    return "true" if value else "false"


def shorten(text: str, length: int) -> str:
    """Return the text, cut with dots when it is too long.

    >>> shorten("proposition", 8)
    'propo...'
    """
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= length else text[: length - 3].rstrip() + "..."


def split_phone(phone: str) -> tuple[str, str]:
    """Return (calling code, national number) of a number in E.164.

    >>> split_phone("+33612345678"), split_phone("+352621123456")
    (('33', '612345678'), ('352', '621123456'))
    :raise ValueError: it is not in that form
    """
    digits = phone[1:]
    if not re.fullmatch(r"\+[1-9]\d{6,14}", phone):
        raise ValueError("not a number in E.164")
    size = next((n for n in (1, 2) if digits[:n] in _SHORT_CODES), 3)
    return digits[:size], digits[size:]
