from . import core_stripe
from . import payment_page
from . import stripe_webhook
