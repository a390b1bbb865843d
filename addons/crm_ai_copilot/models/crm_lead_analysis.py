from odoo import fields, models

EXCHANGED = ("email", "comment", "email_outgoing", "sms")


class CrmLead(models.Model):
    """What an analysis of the pipeline reads of its deals."""

    _inherit = "crm.lead"

    def _find_last_touches(self):
        """Return the day of the last exchange or change of stage, by id."""
        # sudo: the deals are readable, only days of their messages are read
        rows = (
            self.env["mail.message"]
            .sudo()
            ._read_group(
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
        )
        spoken = dict(rows)
        touched = {}
        for lead in self:
            moments = [lead.date_last_stage_update or lead.create_date]
            if spoken.get(lead.id):
                moments.append(spoken[lead.id])
            moment = fields.Datetime.context_timestamp(self, max(moments))
            touched[lead.id] = moment.date()
        return touched

    def _find_postponements(self):
        """Return how often the closing date of each deal was put back, by id."""
        return {lead.id: lead.crm_postponed_count for lead in self}
