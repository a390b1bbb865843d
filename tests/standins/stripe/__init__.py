"""A local server that behaves like Stripe for the calls this project makes.

Standard library only. From the top of the checkout:
``python -m tests.standins.stripe --port 12111 --secret-key sk_test_standin``.
In a test: ``with StripeStandin() as standin: ...`` (a free port on 127.0.0.1).
"""

from .server import StripeStandin

__all__ = ["StripeStandin"]
