from odoo import fields, models


class CrmDunningMessage(models.Model):
    _inherit = "crm.dunning.message"

    channel = fields.Selection(
        selection_add=[("sms", "SMS")], ondelete={"sms": "set task"}
    )

    def _queue_sms(self):
        """Queue the text messages; each one is a line in the history of the client."""
        texts = {}
        for template, group in self.grouped(
            lambda m: m.step_id.sms_template_id
        ).items():
            texts.update(template._render_field("body", group.ids, compute_lang=True))
        for message in self:
            recipient = message.recipient_id
            number = recipient._phone_format(fname="phone") or recipient.phone
            if not number:
                number = message.partner_id._phone_format(fname="phone")
            message.mail_address = number
            message.mail_message_id = message.partner_id._message_sms(
                texts[message.id],
                partner_ids=recipient.ids,
                sms_pid_to_number={recipient.id: number},
                put_in_queue=True,
            )

    def _get_followed_channels(self):
        return [*super()._get_followed_channels(), "sms"]

    def _is_refusal_final(self, row, status):
        """A refused SMS is not tried again: a person looks at the number."""
        return self.channel == "sms" or super()._is_refusal_final(row, status)

    def _requeue(self):
        """An SMS sent again is a new one, to the number as it is now."""
        texts = self.filtered(lambda message: message.channel == "sms")
        result = super(CrmDunningMessage, self - texts)._requeue()
        if not texts:
            return result
        stale = texts._find_stale()
        stale._withdraw(self.env._("The debt changed before the SMS left."))
        again = texts - stale
        again.activity_ids.filtered("automated").unlink()
        again.write({"state": "queued", "failure": False})
        again._queue_sms()
        return result

    def _withdraw(self, why):
        waiting = self.env["sms.sms"].search(
            [
                ("mail_message_id", "in", self.mail_message_id.ids),
                ("state", "=", "outgoing"),
            ]
        )
        waiting.action_set_canceled()
        return super()._withdraw(why)
