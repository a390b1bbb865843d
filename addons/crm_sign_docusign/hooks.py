"""Installation hooks."""

from odoo.api import Environment


def uninstall_hook(env: Environment) -> None:
    """Give requests back to our own pages: their service is about to go."""
    connections = (
        env["crm.connection"]
        .with_context(active_test=False)
        .search([("provider", "=", "docusign")])
    )
    requests = (
        env["crm.sign.request"]
        .with_context(active_test=False)
        .search([("connection_id", "in", connections.ids)])
    )
    requests.connection_id = False
    env["ir.config_parameter"].sudo().search(
        [("key", "=like", "crm_sign_docusign.%")]
    ).unlink()
