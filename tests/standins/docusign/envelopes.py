"""Envelopes: what they look like from outside, and how they move.

Inside, an envelope is its definition plus states and times. Every value that leaves
is a JSON string, as in the real API.
"""

from datetime import datetime, timezone

from . import documents
from .errors import ApiError, bad_parameter
from .store import DAY_SECONDS, moment, new_guid

OPEN = ("sent", "delivered")
# Times written by a status, on envelopes and on recipients.
STAMPS = {
    "created": "createdDateTime",
    "sent": "sentDateTime",
    "delivered": "deliveredDateTime",
    "completed": "completedDateTime",
    "declined": "declinedDateTime",
    "voided": "voidedDateTime",
}
RECIPIENT_STAMPS = {
    "sent": "sentDateTime",
    "delivered": "deliveredDateTime",
    "completed": "signedDateTime",
    "declined": "declinedDateTime",
}
_OUTSIDE = (
    "emailSubject emailBlurb transactionId allowReassign allowMarkup customFields "
    "voidedReason"
).split()
_SIGNER_OUTSIDE = (
    "name email recipientId recipientIdGuid routingOrder status roleName note "
    "declinedReason autoRespondedReason clientUserId identityVerification "
    "recipientSignatureProviders emailNotification deliveryMethod"
).split()


class Envelopes:
    """Moves envelopes and tells Connect about it."""

    def __init__(self, state, emit):
        self.state = state
        self.emit = emit

    def create(self, account, person, definition):
        envelope = {
            **definition,
            "envelopeId": new_guid(),
            "status": "",
            "sender": person,
            "files": documents.read_all(definition.get("documents") or []),
            "signed": {},
            "reads": [],
        }
        for recipient in recipients(envelope):
            recipient["status"] = "created"
            recipient["recipientIdGuid"] = new_guid()
        for custom in text_fields(envelope):
            custom.setdefault("fieldId", str(len(account.envelopes) + 1000))
        account.envelopes[envelope["envelopeId"]] = envelope
        self._move(account, envelope, "created")
        if definition.get("status") == "sent":
            self.send(account, envelope)
        return envelope

    def send(self, account, envelope):
        if envelope["status"] != "created":
            raise ApiError(
                "ENVELOPE_INVALID_STATUS", "Only a draft envelope can be sent."
            )
        if not envelope["files"] or not signers(envelope):
            raise ApiError("ENVELOPE_IS_INCOMPLETE", "The Envelope is not complete.")
        self._set_expiry(envelope)
        self._move(account, envelope, "sent")
        self._next_group(account, envelope)

    def _set_expiry(self, envelope):
        rule = (envelope.get("notification") or {}).get("expirations") or {}
        if rule.get("expireEnabled") == "true":
            days = int(rule.get("expireAfter") or 120)
            at = moment(self.state.now() + days * DAY_SECONDS)
            envelope.update(expireEnabled="true", expireAfter=str(days))
            envelope["expireDateTime"] = at
        else:
            envelope.update(expireEnabled="false")

    def _next_group(self, account, envelope):
        """Mail everybody of the lowest routing order that has not finished."""
        while waiting := [
            r for r in recipients(envelope) if r["status"] != "completed"
        ]:
            order = min(_order(r) for r in waiting)
            group = [r for r in waiting if _order(r) == order]
            for recipient in group:
                if recipient["status"] == "created":
                    self._move_recipient(account, envelope, recipient, "sent")
                if recipient not in signers(envelope):
                    self._move_recipient(account, envelope, recipient, "completed")
            if any(r in signers(envelope) for r in group):
                return
        self._complete(account, envelope)

    def _complete(self, account, envelope):
        envelope["unreadable"] = self.state.settings.unreadable_reads
        envelope["signed"] = documents.sign_all(envelope)
        self._move(account, envelope, "completed")

    def open(self, account, envelope, recipient):
        self._check_turn(envelope, recipient)
        if recipient["status"] == "sent":
            self._move_recipient(account, envelope, recipient, "delivered")
            if envelope["status"] == "sent":
                self._move(account, envelope, "delivered")

    def sign(self, account, envelope, recipient, values=None):
        self.open(account, envelope, recipient)
        recipient["values"] = values or {}
        self._move_recipient(account, envelope, recipient, "completed")
        self._next_group(account, envelope)

    def decline(self, account, envelope, recipient, reason):
        self.open(account, envelope, recipient)
        recipient["declinedReason"] = reason
        self._move_recipient(account, envelope, recipient, "declined")
        self._move(account, envelope, "declined")

    def bounce(self, account, envelope, recipient):
        recipient["autoRespondedReason"] = "550 5.1.1 The mailbox does not exist."
        self._move_recipient(account, envelope, recipient, "autoresponded")

    def reassign(self, account, envelope, recipient, name, email):
        """Somebody else signs in his place, if the sender allows it."""
        if envelope.get("allowReassign") == "false":
            raise bad_parameter("The sender does not allow reassigning.")
        recipient.update(name=name, email=email)
        self._move_recipient(account, envelope, recipient, "sent", "recipient-reassign")

    def void(self, account, envelope, reason):
        if envelope["status"] not in OPEN:
            raise ApiError(
                "ENVELOPE_CANNOT_VOID_INVALID_STATE",
                "Only envelopes in the 'Sent' or 'Delivered' states may be voided.",
            )
        if not reason:
            raise bad_parameter("voidedReason is missing.")
        envelope["voidedReason"] = reason[:200]
        self._move(account, envelope, "voided")

    def expire(self, account, envelope):
        envelope["expireEnabled"] = "true"
        envelope["expireDateTime"] = self.state.time()
        self.void(account, envelope, "Envelope has expired.")

    def discard(self, account, envelope):
        """To the recycle bin: a draft vanishes, an open envelope is voided."""
        if envelope["status"] in OPEN:
            self.void(account, envelope, "Placed in the recycle bin.")
        account.bin.append(envelope["envelopeId"])

    def resend(self, account, envelope, only=()):
        """Mail again whoever is asked to sign now; return their ids."""
        asked = [
            r
            for r in signers(envelope)
            if r["status"] in OPEN and (not only or r["recipientId"] in only)
        ]
        for recipient in asked:
            self._mail(envelope, recipient, "reminder")
        if asked:
            self.emit(account, envelope, "envelope-resent")
        return [r["recipientId"] for r in asked]

    def _check_turn(self, envelope, recipient):
        if envelope["status"] not in OPEN or recipient["status"] not in OPEN:
            raise ApiError("RECIPIENT_NOT_IN_SEQUENCE", "It is not this signer's turn.")

    def _move(self, account, envelope, status):
        now = self.state.time()
        envelope["status"] = status
        envelope[STAMPS[status]] = now
        envelope["statusChangedDateTime"] = envelope["lastModifiedDateTime"] = now
        self.emit(account, envelope, f"envelope-{status}")

    def _move_recipient(self, account, envelope, recipient, status, event=None):
        recipient["status"] = status
        if status in RECIPIENT_STAMPS:
            recipient[RECIPIENT_STAMPS[status]] = self.state.time()
        envelope["lastModifiedDateTime"] = self.state.time()
        if status == "sent":
            self._mail(envelope, recipient, "invitation")
        event = event or f"recipient-{status}"
        self.emit(account, envelope, event, recipient["recipientId"])

    def _mail(self, envelope, recipient, kind):
        if recipient.get("clientUserId"):
            return
        self.state.mails.append(
            {
                "kind": kind,
                "to": recipient["email"],
                "subject": envelope.get("emailSubject", ""),
                "envelope": envelope["envelopeId"],
            }
        )


def _order(recipient):
    return int(recipient.get("routingOrder") or 1)


def signers(envelope):
    return (envelope.get("recipients") or {}).get("signers") or []


def recipients(envelope):
    copies = (envelope.get("recipients") or {}).get("carbonCopies") or []
    return signers(envelope) + copies


def text_fields(envelope):
    return (envelope.get("customFields") or {}).get("textCustomFields") or []


def find_recipient(envelope, wanted):
    """By recipient id, else by mail address."""
    for recipient in recipients(envelope):
        if wanted in (recipient["recipientId"], recipient["email"]):
            return recipient
    raise ApiError("UNKNOWN_ENVELOPE_RECIPIENT", "The recipient is not known.")


def was_between(envelope, start, end):
    """Whether the envelope changed in a period given as the API takes it."""
    changed = _parse(envelope["lastModifiedDateTime"])
    return _parse(start) <= changed and (not end or changed <= _parse(end))


def _parse(text):
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (AttributeError, ValueError) as error:
        raise bad_parameter("A date cannot be read.") from error
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)


# -- outside view --------------------------------------------------------------


def summary(envelope):
    """Answer to a creation."""
    path = f"/envelopes/{envelope['envelopeId']}"
    return {
        "envelopeId": envelope["envelopeId"],
        "uri": path,
        "statusDateTime": envelope["statusChangedDateTime"],
        "status": envelope["status"],
    }


def public(envelope, account, include=()):
    """The envelope as it is read, with what was asked on top."""
    path = f"/envelopes/{envelope['envelopeId']}"
    sender = envelope["sender"]
    shown = {
        "status": envelope["status"],
        "documentsUri": f"{path}/documents",
        "recipientsUri": f"{path}/recipients",
        "attachmentsUri": f"{path}/attachments",
        "envelopeUri": path,
        "envelopeId": envelope["envelopeId"],
        "signingLocation": "online",
        "customFieldsUri": f"{path}/custom_fields",
        "notificationUri": f"{path}/notification",
        "templatesUri": f"{path}/templates",
        "enableWetSign": "true",
        "initialSentDateTime": envelope.get("sentDateTime"),
        "lastModifiedDateTime": envelope["lastModifiedDateTime"],
        "statusChangedDateTime": envelope["statusChangedDateTime"],
        "documentsCombinedUri": f"{path}/documents/combined",
        "certificateUri": f"{path}/documents/certificate",
        "expireEnabled": envelope.get("expireEnabled"),
        "expireAfter": envelope.get("expireAfter"),
        "expireDateTime": envelope.get("expireDateTime"),
        "purgeState": "unpurged",
        "envelopeIdStamping": "true",
        "is21CFRPart11": "false",
        "isSignatureProviderEnvelope": "false",
        "allowViewHistory": "true",
        "sender": {
            "userName": sender.name,
            "userId": sender.guid,
            "accountId": account.id,
            "email": sender.email,
        },
    }
    for name in (*_OUTSIDE, *STAMPS.values()):
        shown[name] = envelope.get(name)
    if "custom_fields" not in include:
        shown.pop("customFields", None)
    if "recipients" in include:
        shown["recipients"] = public_recipients(envelope)
    if "documents" in include:
        shown["envelopeDocuments"] = documents.listing(envelope)
    return {name: value for name, value in shown.items() if value is not None}


def public_recipients(envelope, *, tabs=False):
    groups = envelope.get("recipients") or {}
    shown = {
        name: [_public_recipient(item, tabs) for item in groups.get(name) or []]
        for name in ("signers", "carbonCopies")
    }
    empty = "agents editors intermediaries certifiedDeliveries inPersonSigners"
    shown |= {name: [] for name in empty.split()}
    waiting = [_order(r) for r in recipients(envelope) if r["status"] != "completed"]
    shown["recipientCount"] = str(len(recipients(envelope)))
    shown["currentRoutingOrder"] = str(min(waiting, default=1))
    return shown


def _public_recipient(recipient, tabs):
    names = [*_SIGNER_OUTSIDE, *RECIPIENT_STAMPS.values()]
    names += ["tabs"] if tabs else []
    return {n: recipient[n] for n in names if recipient.get(n) is not None}
