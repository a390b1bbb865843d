"""Removal."""

from odoo.api import Environment


def uninstall_hook(env: Environment) -> None:
    """Requests signed at Yousign keep their files and evidence, not their service."""
    env["ir.config_parameter"].search([("key", "=like", "crm_sign_yousign.%")]).unlink()
    connections = env["crm.connection"].with_context(active_test=False)
    connections = connections.search([("provider", "=", "yousign")])
    env.cr.execute(
        "UPDATE crm_sign_request SET connection_id = NULL"
        " WHERE connection_id = ANY(%s)",
        [connections.ids],
    )
    env["crm.sign.request"].invalidate_model(["connection_id"])
