from odoo import fields, models

# What people exchange, beside what the software notes by itself.
EXCHANGED = ("email", "comment", "email_outgoing", "sms")


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _find_last_touches(self, moved_field):
        """Return the day of the last exchange, call or move of each record, by id.

        Messages are read with the rights at hand.

        :param str moved_field: holds the moment of the last move, when there was one
        """
        rows = self.env["mail.message"]._read_group(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                "|",
                ("message_type", "in", EXCHANGED),
                ("mail_activity_type_id", "!=", False),
            ],
            ["res_id"],
            ["date:max"],
        )
        spoken = dict(rows)
        days = {}
        for record in self:
            moments = [record[moved_field] or record.create_date]
            if spoken.get(record.id):
                moments.append(spoken[record.id])
            moment = fields.Datetime.context_timestamp(self, max(moments))
            days[record.id] = moment.date()
        return days
