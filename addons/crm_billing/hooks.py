"""Installation and removal."""

from odoo.api import Environment
from odoo.tools import SQL

STRIPE_SECRETS = ("stripe_secret_key", "stripe_webhook_secret")


def post_init_hook(env: Environment) -> None:
    """Give each Stripe account already there its connection.

    Clear keys found in the columns were sealed by the field itself.
    """
    providers = env["payment.provider"].search([("code", "=", "stripe")])
    providers._ensure_crm_connection()


def uninstall_hook(env: Environment) -> None:
    """Give the keys back in clear, or Stripe would stop working without us.

    What cannot be opened any more is emptied: core would send it as a key.
    """
    providers = env["payment.provider"].with_context(active_test=False).search([])
    for provider in providers:
        for name in STRIPE_SECRETS:
            # The column is written directly: the field would seal it again.
            env.cr.execute(
                SQL(
                    "UPDATE payment_provider SET %s = %s WHERE id = %s",
                    SQL.identifier(name),
                    provider[name] or None,
                    provider.id,
                )
            )
    providers.invalidate_recordset(STRIPE_SECRETS)
