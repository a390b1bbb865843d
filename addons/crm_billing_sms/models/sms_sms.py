from odoo import models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def send(
        self,
        unlink_failed=False,
        unlink_sent=True,
        raise_exception=False,
    ):
        """Withdraw reminders of what was paid meanwhile; note which ones left."""
        # sudo: the queue runs for everybody
        messages = (
            self.env["crm.dunning.message"]
            .sudo()
            .search(
                [
                    ("mail_message_id", "in", self.mail_message_id.ids),
                    ("state", "=", "queued"),
                    ("channel", "=", "sms"),
                ]
            )
        )
        stale = messages._find_stale() if messages else messages
        withdrawn = self.filtered(
            lambda sms: sms.mail_message_id in stale.mail_message_id
        )
        stale._withdraw(self.env._("The debt changed before the SMS left."))
        result = super(SmsSms, self - withdrawn).send(
            unlink_failed=unlink_failed,
            unlink_sent=unlink_sent,
            raise_exception=raise_exception,
        )
        (messages - stale)._settle()
        return result
