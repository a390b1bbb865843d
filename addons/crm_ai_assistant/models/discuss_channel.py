from markupsafe import Markup

from odoo import models
from odoo.tools import html2plaintext


class DiscussChannel(models.Model):
    """The conversation of each person with the assistant."""

    _inherit = "discuss.channel"

    def _get_assistant(self):
        """Return the partner that speaks for the assistant; may be empty."""
        # sudo: nobody needs to read this contact to be answered by it
        partner = self.env["res.partner"].sudo()
        found = self.env.ref(
            "crm_ai_assistant.partner_assistant", raise_if_not_found=False
        )
        return partner.browse(found.id) if found else partner

    def _get_assistant_chat(self):
        """Return the chat of the current person, with a word of welcome when new."""
        assistant, person = self._get_assistant(), self.env.user.partner_id
        channel = self._get_or_create_chat([assistant.id, person.id])
        if not channel.sudo().message_ids:
            hello = self.env._(
                "Hello. Ask me about your deals, activities and meetings, or how to do"
                " something here."
            )
            channel._post_as_assistant(Markup("<p>%s</p>") % hello)
        return channel

    def _post_as_assistant(self, body):
        """Post what the assistant says; returns the message."""
        # sudo: the assistant is a member, but no user
        return (
            self.sudo()
            .with_context(crm_ai_assistant_speaks=True)
            .message_post(
                author_id=self._get_assistant().id,
                body=body,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                silent=True,
            )
        )

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if self._is_for_assistant(message):
            question = html2plaintext(message.body or "").strip()
            if question:
                self.env["crm.ai.assistant.turn"]._ask(question, channel=self)
        return result

    def _is_for_assistant(self, message) -> bool:
        """Whether a person speaks to the assistant, alone with it."""
        if self.channel_type != "chat" or message.message_type != "comment":
            return False
        if self.env.context.get("crm_ai_assistant_speaks"):
            return False
        assistant = self._get_assistant()
        return bool(
            assistant
            and assistant in self.sudo().channel_member_ids.partner_id
            and message.author_id == self.env.user.partner_id
            and self.env.user._is_internal()
        )
