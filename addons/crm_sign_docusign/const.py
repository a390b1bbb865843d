"""What DocuSign fixes: hosts, names, limits.

https://developers.docusign.com/platform/auth/jwt,
https://developers.docusign.com/docs/esign-rest-api/reference, read 2026-11.
"""

PROVIDER = "docusign"
OAUTH_URLS = {
    "test": "https://account-d.docusign.com",
    "live": "https://account.docusign.com",
}
SCOPE = "signature impersonation"
# Our reference travels in this custom field of the envelope.
REFERENCE_FIELD = "crm_sign_reference"
SUBJECT_LENGTH = 100
MESSAGE_LENGTH = 10_000
REASON_LENGTH = 200
# base64 grows by a third; the service takes 25 MB of request.
REQUEST_MAX_BYTES = 25_000_000
# Reading the state of one envelope more often is against the rules of the API.
POLL_GAP_SECONDS = 900
# Envelopes read by one call when states are polled.
POLL_BATCH = 50
# Connect tries again for days; what is older is not a late delivery.
EVENT_MAX_AGE_DAYS = 30
WEBHOOK_PATH = "/crm_sign_docusign/connect/"
WEBHOOK_MAX_BYTES = 5_000_000

# Names of signature providers that stand for a level, the first offered one counts:
# https://developers.docusign.com/docs/esign-rest-api/esign101/concepts/standards-based-signatures
LEVEL_PROVIDERS = {
    "advanced": ("universalsignaturepen_opentrust_hash_tsp",),
    "qualified": ("docusign_eu_qualified_idnow_tsp",),
}
PHONE_WORKFLOW_NAME = "Phone Authentication"

# Events of outgoing exchanges, each one call or a short series of calls.
CALL_CREATE = "docusign.create"
CALL_SEND = "docusign.send"
CALL_VOID = "docusign.void"
CALL_REMIND = "docusign.remind"
CALL_READ = "docusign.read"
CALL_FETCH = "docusign.fetch"

# Events asked of Connect for each envelope.
CONNECT_EVENTS = (
    "envelope-sent",
    "envelope-delivered",
    "envelope-completed",
    "envelope-declined",
    "envelope-voided",
    "recipient-sent",
    "recipient-delivered",
    "recipient-completed",
    "recipient-declined",
    "recipient-autoresponded",
    "recipient-reassign",
)
