"""The calls under ``/restapi/v2.1/accounts/{accountId}``."""

import re

from . import documents, envelopes
from .errors import (
    ApiError,
    bad_body,
    bad_parameter,
    no_such_document,
    no_such_envelope,
    not_a_member,
    polling_limit,
    unknown_route,
)

SUBJECT_LENGTH = 100
BLURB_LENGTH = 10_000
FIELD_LENGTH = 100
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ACCOUNT = re.compile(r"/restapi/v2\.1/accounts/([^/]+)(/.*)?")
# Values that the API takes as JSON booleans, no string.
_NOT_STRINGS = frozenset({"signerMustAcknowledgeUseAccountDefault"})


class Pdf(bytes):
    """An answer that is a file; ``name`` goes into its header."""

    name = "document.pdf"


class Api:
    """Checks, then lets ``Envelopes`` do the work."""

    def __init__(self, state, moves):
        self.state = state
        self.moves = moves
        one = r"/envelopes/([0-9a-fA-F-]{36})"
        self._routes = [
            ("GET", re.compile(r""), self.read_account),
            ("GET", re.compile(r"/signatureProviders"), self.list_providers),
            ("GET", re.compile(r"/identity_verification"), self.list_verifications),
            ("POST", re.compile(r"/envelopes"), self.create),
            ("GET", re.compile(r"/envelopes"), self.search),
            ("GET", re.compile(one), self.read),
            ("PUT", re.compile(one), self.update),
            ("GET", re.compile(one + r"/recipients"), self.read_recipients),
            ("PUT", re.compile(one + r"/recipients"), self.update_recipients),
            ("GET", re.compile(one + r"/documents"), self.list_documents),
            ("GET", re.compile(one + r"/documents/([a-z0-9]+)"), self.download),
            ("PUT", re.compile(r"/folders/recyclebin"), self.discard),
        ]

    def call(self, person, method, path, params, body):
        """Return (status, value) of one call.

        :param params: the query, first value of each name
        :param body: the decoded JSON, None without a body
        """
        found = _ACCOUNT.fullmatch(path)
        if not found:
            raise unknown_route(method, path)
        account = self.state.accounts.get(found[1])
        if account is None or person.guid not in account.members:
            raise not_a_member()
        if body is not None:
            check_strings(body)
        for verb, pattern, action in self._routes:
            match = pattern.fullmatch(found[2] or "")
            if match and verb == method:
                with self.state.lock:
                    return action(account, person, params, body, *match.groups())
        raise unknown_route(method, path)

    # -- the account ---------------------------------------------------------

    def read_account(self, account, person, params, body):
        return 200, {
            "accountIdGuid": account.id,
            "accountName": account.name,
            "planName": "Business Pro",
            "planClassification": "business",
            "currencyCode": "EUR",
            "envelopeSendingBlocked": "false",
            "connectPermission": "enabled",
            "suspensionStatus": "",
            "billingPeriodEnvelopesAllowed": "unlimited",
            "billingPeriodEnvelopesSent": str(len(account.envelopes)),
        }

    def list_providers(self, account, person, params, body):
        return 200, {
            "signatureProviders": [
                {
                    "isRequired": "false",
                    "priority": str(position),
                    "signatureProviderName": name,
                    "signatureProviderDisplayName": shown,
                    "signatureProviderId": str(position + 1),
                }
                for position, (name, shown) in enumerate(account.providers)
            ]
        }

    def list_verifications(self, account, person, params, body):
        if not account.phone_workflow:
            return 200, {"identityVerification": []}
        return 200, {
            "identityVerification": [
                {
                    "workflowId": account.phone_workflow,
                    "defaultName": "Phone Authentication",
                    "defaultDescription": "A code by SMS or call.",
                    "inputOptions": [
                        {
                            "isRequired": True,
                            "optionName": "phone_number_list",
                            "valueType": "PhoneNumberList",
                        }
                    ],
                }
            ]
        }

    # -- envelopes -----------------------------------------------------------

    def create(self, account, person, params, body):
        if not isinstance(body, dict):
            raise bad_body("The request body is missing or improperly formatted.")
        if body.get("status", "created") not in ("created", "sent"):
            raise bad_parameter("status must be created or sent.")
        subject = body.get("emailSubject") or ""
        if not subject or len(subject) > SUBJECT_LENGTH:
            raise bad_parameter("emailSubject has between 1 and 100 characters.")
        if len(body.get("emailBlurb") or "") > BLURB_LENGTH:
            raise bad_parameter("emailBlurb is too long.")
        for custom in envelopes.text_fields(body):
            if len(custom.get("value") or "") > FIELD_LENGTH:
                raise bad_parameter("A custom field is too long.")
        files = documents.read_all(body.get("documents") or [])
        self._check_recipients(account, body, files)
        self._check_connect(body.get("eventNotification"))
        envelope = self.moves.create(account, person, body)
        return 201, envelopes.summary(envelope)

    def _check_recipients(self, account, body, files):
        seen = set()
        for recipient in envelopes.recipients(body):
            number = recipient.get("recipientId") or ""
            if not number or number in seen:
                raise bad_parameter("Each recipient needs a recipientId of its own.")
            seen.add(number)
            if not recipient.get("name"):
                raise bad_parameter("A recipient has no name.")
            if not _EMAIL.fullmatch(recipient.get("email") or ""):
                raise ApiError(
                    "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT",
                    "The email address for the recipient is invalid.",
                )
            documents.check_tabs(recipient.get("tabs"), files)
            self._check_identity(account, recipient)

    def _check_identity(self, account, recipient):
        check = recipient.get("identityVerification")
        if check and check.get("workflowId") != account.phone_workflow:
            raise ApiError("INVALID_WORKFLOW_ID", "The workflow is not on the account.")
        offered = {name for name, _shown in account.providers}
        for provider in recipient.get("recipientSignatureProviders") or []:
            if provider.get("signatureProviderName") not in offered:
                raise ApiError(
                    "SIGNATURE_PROVIDER_NOT_AVAILABLE",
                    "The signature provider is not enabled for the account.",
                )

    def _check_connect(self, notification):
        if notification is None:
            return
        url = notification.get("url") or ""
        # The real service takes https only; a test listens on this machine.
        if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ApiError("INVALID_URL", "The URL must use https.")
        if notification.get("deliveryMode") != "SIM" or not notification.get("events"):
            raise bad_parameter("Only SIM with its events is played here.")

    def search(self, account, person, params, body):
        if params.get("transaction_ids"):
            return 200, self._search_transactions(account, params["transaction_ids"])
        ids = [x for x in params.get("envelope_ids", "").split(",") if x]
        if not ids and not params.get("from_date"):
            raise bad_parameter("The from_date is missing.")
        include = params.get("include", "").replace(" ", "").split(",")
        found = [
            envelope
            for envelope in account.envelopes.values()
            if envelope["envelopeId"] not in account.bin
            and (not ids or envelope["envelopeId"] in ids)
            and (
                not params.get("from_date")
                or envelopes.was_between(
                    envelope, params["from_date"], params.get("to_date")
                )
            )
            and _has_field(envelope, params.get("custom_field"))
        ]
        start = int(params.get("start_position") or 0)
        page = found[start : start + int(params.get("count") or 1000)]
        return 200, {
            "resultSetSize": str(len(page)),
            "totalSetSize": str(len(found)),
            "startPosition": str(start),
            "endPosition": str(max(start, start + len(page) - 1)),
            "envelopes": [envelopes.public(e, account, include) for e in page],
        }

    def _search_transactions(self, account, wanted):
        ids = wanted.split(",")
        return {
            "resultSetSize": "0",
            "totalSetSize": "0",
            "envelopeTransactionStatuses": [
                {
                    "envelopeId": envelope["envelopeId"],
                    "status": envelope["status"],
                    "transactionId": envelope["transactionId"],
                }
                for envelope in account.envelopes.values()
                if envelope.get("transactionId") in ids
            ],
        }

    def _envelope(self, account, envelope_id, *, reads=False):
        envelope = account.envelopes.get(envelope_id.lower())
        if envelope is None:
            raise no_such_envelope()
        limit = self.state.settings.envelope_reads_per_hour
        if reads and limit:
            hour_ago = self.state.now() - 3600
            envelope["reads"] = [at for at in envelope["reads"] if at > hour_ago]
            if len(envelope["reads"]) >= limit:
                raise polling_limit()
            envelope["reads"].append(self.state.now())
        return envelope

    def read(self, account, person, params, body, envelope_id):
        envelope = self._envelope(account, envelope_id, reads=True)
        include = params.get("include", "").replace(" ", "").split(",")
        return 200, envelopes.public(envelope, account, include)

    def update(self, account, person, params, body, envelope_id):
        envelope = self._envelope(account, envelope_id)
        body = body or {}
        if params.get("resend_envelope") == "true":
            self.moves.resend(account, envelope)
        if body.get("status") == "sent":
            self.moves.send(account, envelope)
        elif body.get("status") == "voided":
            self.moves.void(account, envelope, body.get("voidedReason") or "")
        elif body.get("status"):
            raise bad_parameter("This change of status is not played here.")
        return 200, {"envelopeId": envelope["envelopeId"]}

    def read_recipients(self, account, person, params, body, envelope_id):
        envelope = self._envelope(account, envelope_id, reads=True)
        tabs = params.get("include_tabs") == "true"
        return 200, envelopes.public_recipients(envelope, tabs=tabs)

    def update_recipients(self, account, person, params, body, envelope_id):
        envelope = self._envelope(account, envelope_id)
        if envelope["status"] not in ("created", *envelopes.OPEN):
            raise ApiError(
                "ENVELOPE_INVALID_STATUS", "The envelope is not open any more."
            )
        asked = [
            r.get("recipientId") for r in envelopes.recipients({"recipients": body})
        ]
        for wanted in asked:
            envelopes.find_recipient(envelope, wanted)
        if params.get("resend_envelope") == "true":
            self.moves.resend(account, envelope, only=asked)
        return 200, {
            "recipientUpdateResults": [
                {
                    "recipientId": wanted,
                    "errorDetails": {"errorCode": "SUCCESS", "message": ""},
                }
                for wanted in asked
            ]
        }

    # -- files ---------------------------------------------------------------

    def list_documents(self, account, person, params, body, envelope_id):
        envelope = self._envelope(account, envelope_id)
        return 200, {
            "envelopeId": envelope["envelopeId"],
            "envelopeDocuments": documents.listing(envelope),
        }

    def download(self, account, person, params, body, envelope_id, wanted):
        envelope = self._envelope(account, envelope_id)
        if envelope.get("unreadable"):
            envelope["unreadable"] -= 1
            raise no_such_document()
        with_certificate = params.get("certificate") == "true"
        if wanted == "combined":
            content = documents.combined(envelope, with_certificate)
        elif wanted == "certificate" and envelope["status"] != "created":
            content = documents.certificate_page(envelope)
        else:
            content = documents.contents(envelope).get(wanted)
        if content is None:
            raise no_such_document()
        answer = Pdf(content)
        answer.name = f"{wanted}.pdf"
        return 200, answer

    def discard(self, account, person, params, body):
        moved = []
        for envelope_id in (body or {}).get("envelopeIds") or []:
            envelope = self._envelope(account, envelope_id)
            self.moves.discard(account, envelope)
            moved.append(envelopes.summary(envelope))
        return 200, {"envelopes": moved, "resultSetSize": str(len(moved))}


def _has_field(envelope, wanted):
    if not wanted:
        return True
    name, _equal, value = wanted.partition("=")
    return any(
        (field.get("name"), field.get("value")) == (name, value)
        for field in envelopes.text_fields(envelope)
    )


def check_strings(value, name=""):
    """Every value of a request is a JSON string."""
    if isinstance(value, dict):
        for key, child in value.items():
            check_strings(child, key)
    elif isinstance(value, list):
        for child in value:
            check_strings(child, name)
    elif not isinstance(value, str) and name not in _NOT_STRINGS:
        raise bad_body(f"{name} must be a string.")
