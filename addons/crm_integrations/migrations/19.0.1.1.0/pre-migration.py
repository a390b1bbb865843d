from odoo.tools import sql

# Columns that Stripe had before every partner had a door: an address that is known
# at Stripe must stay the same.
COLUMNS = {
    "stripe_access_key": "webhook_key",
    "stripe_refused_count": "webhook_refused_count",
    "stripe_refused_at": "webhook_refused_at",
    "stripe_refused_reason": "webhook_refused_reason",
}
PARAMETERS = {
    "crm_billing.stripe_allow_private_address": (
        "crm_integrations.allow_private_stripe"
    ),
    "l10n_fr_crm_billing.register_allow_private_address": (
        "crm_integrations.allow_private_register_fr"
    ),
}


def migrate(cr, version):
    for old, new in COLUMNS.items():
        is_there = sql.column_exists(cr, "crm_connection", old)
        if is_there and not sql.column_exists(cr, "crm_connection", new):
            sql.rename_column(cr, "crm_connection", old, new)
    for old, new in PARAMETERS.items():
        cr.execute(
            "UPDATE ir_config_parameter SET key = %s WHERE key = %s"
            " AND NOT EXISTS (SELECT 1 FROM ir_config_parameter WHERE key = %s)",
            [new, old, new],
        )
