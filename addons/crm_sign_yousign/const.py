"""Facts of Yousign's API v3 (https://developers.yousign.com, checked 2026-09)."""

BASE_URLS = {
    "test": "https://api-sandbox.yousign.app/v3",
    "live": "https://api.yousign.app/v3",
}
# Limits of one request: https://developers.yousign.com/docs/limits-new (a file of
# 50 MB there, of 40 MB with us)
MAX_FILE_BYTES = 40_000_000
MAX_DOCUMENTS = 50
MAX_SIGNERS = 100
MAX_FIELDS = 500
MAX_LIFE_DAYS = 365
EMAIL_MAX = 100

WEBHOOK_PATH = "/crm_sign/yousign/webhook/"
WEBHOOK_MAX_BYTES = 1_000_000

CALL_CREATE = "yousign.create"
CALL_DOCUMENT = "yousign.document"
CALL_SIGNER = "yousign.signer"
CALL_ACTIVATE = "yousign.activate"
CALL_LOOK = "yousign.look"
CALL_REMIND = "yousign.remind"
CALL_CANCEL = "yousign.cancel"
SENDING = {
    "create": CALL_CREATE,
    "document": CALL_DOCUMENT,
    "signer": CALL_SIGNER,
    "activate": CALL_ACTIVATE,
}
