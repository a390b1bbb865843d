"""Facts about Stripe that the addon relies on, with where they were read."""

# The version every call asks for, so that the shapes stay the ones tested here.
# https://docs.stripe.com/changelog (dahlia of June 2026), read 2026-09.
API_VERSION = "2026-06-24.dahlia"
API_BASE_URL = "https://api.stripe.com"

# A Checkout Session lives between 30 minutes and 24 hours.
# https://docs.stripe.com/api/checkout/sessions/create (expires_at), read 2026-09.
SESSION_MIN_SECONDS = 30 * 60
SESSION_MAX_SECONDS = 24 * 60 * 60
# Half an hour less than allowed: the call may leave later than the click.
SESSION_SECONDS = SESSION_MAX_SECONDS - SESSION_MIN_SECONDS

# Official libraries refuse events signed more than five minutes away.
# https://docs.stripe.com/webhooks/signature, read 2026-09.
SIGNATURE_TOLERANCE_SECONDS = 300
WEBHOOK_PATH = "/crm_billing/stripe/webhook/"
# Stripe's largest events stay far below; anything bigger is not one.
WEBHOOK_MAX_BYTES = 512 * 1024

# Events worth sending to us; others are stored and ignored.
WEBHOOK_EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "payment_intent.processing",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "mandate.updated",
    "payout.created",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
    "payout.reconciliation_completed",
)

# Names of our outgoing exchanges.
CALL_CREATE = "stripe.checkout.create"
CALL_EXPIRE = "stripe.checkout.expire"
CALL_CHECK = "stripe.checkout.check"
CALL_FIND = "stripe.checkout.find"
CALL_REFUNDS = "stripe.refunds.list"
CALL_REFUND = "stripe.refund.create"
CALL_INTENT = "stripe.intent.read"
CALL_CHARGE = "stripe.intent.create"
CALL_DETACH = "stripe.means.detach"
