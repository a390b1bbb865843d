from . import core_stripe
from . import document_page
from . import payment_page
from . import portal_invoices
from . import stripe_webhook
