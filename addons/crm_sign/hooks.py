"""Installation hooks."""

from odoo.api import Environment

MODELS = ("crm.sign.request", "crm.sign.signer")


def uninstall_hook(env: Environment) -> None:
    """Remove the jobs of models that are about to go: they could only fail."""
    env["queue.job"].sudo().search([("model_name", "in", MODELS)]).unlink()
