"""Removal."""

from odoo.api import Environment


def uninstall_hook(env: Environment) -> None:
    """Remove the conversations with somebody who is about to go."""
    env["crm.ai.assistant.turn"].search([])._forget()
    assistant = env.ref("crm_ai_assistant.partner_assistant", raise_if_not_found=False)
    if assistant:
        channels = env["discuss.channel"].search(
            [
                ("channel_type", "=", "chat"),
                ("channel_member_ids.partner_id", "=", assistant.id),
            ]
        )
        channels.unlink()
    # what was asked through this addon goes with its feature
    feature = env.ref("crm_ai_assistant.crm_ai_feature_chat", raise_if_not_found=False)
    if feature:
        calls = env["crm.ai.call"].search([("feature_id", "=", feature.id)])
        keys = [f"crm_ai_call:{call.id}" for call in calls]
        env["queue.job"].sudo().search([("identity_key", "in", keys)]).unlink()
        calls.unlink()
