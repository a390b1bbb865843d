from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Withdraw reminders of what was paid meanwhile; note which ones left."""
        # sudo: the queue runs for everybody
        messages = (
            self.env["crm.dunning.message"]
            .sudo()
            .search(
                [("mail_id", "in", self.ids), ("state", "in", ("queued", "to_post"))]
            )
        )
        queued = messages.filtered(lambda message: message.state == "queued")
        stale = queued._find_stale() if queued else queued
        withdrawn = stale.mail_id
        stale._withdraw(self.env._("The debt changed before the mail left."))
        result = super(MailMail, self - withdrawn).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )
        (messages - stale)._settle()
        return result
