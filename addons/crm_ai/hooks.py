"""Removal."""

from odoo.api import Environment


def uninstall_hook(env: Environment) -> None:
    """Remove the jobs of a model that is about to go: they could only fail."""
    jobs = env["queue.job"].sudo().search([("model_name", "=", "crm.ai.call")])
    jobs.unlink()
