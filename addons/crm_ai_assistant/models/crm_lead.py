from odoo import fields, models

# What people exchange, beside what the software notes by itself.
EXCHANGED = ("email", "comment", "email_outgoing", "sms")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_last_exchanges(self):
        """Return the day of the last exchange or change of stage, by id.

        Read with the rights of the person, as everything the assistant says.
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
        for lead in self:
            moments = [lead.date_last_stage_update or lead.create_date]
            if spoken.get(lead.id):
                moments.append(spoken[lead.id])
            days[lead.id] = fields.Datetime.context_timestamp(self, max(moments)).date()
        return days
