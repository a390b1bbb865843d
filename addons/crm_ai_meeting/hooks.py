"""Installation hooks."""

from odoo.api import Environment


def uninstall_hook(env: Environment) -> None:
    """Remove sound files, and answers of features that are about to go."""
    env["ir.attachment"].sudo().search(
        [("res_model", "=", "crm.meeting.summary")]
    ).unlink()
    env["crm.ai.call"].sudo().search(
        [("feature_id.task_model", "=like", "crm.ai.task.meeting.%")]
    ).unlink()
