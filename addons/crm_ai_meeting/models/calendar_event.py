from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    meeting_summary_ids = fields.One2many(
        "crm.meeting.summary",
        "event_id",
        string="Meeting Summaries",
        groups="crm_base.crm_base_group_seller",
    )

    def action_record_meeting(self):
        """Open a new recording of this meeting, or the one that is under way."""
        self.ensure_one()
        return self.env["crm.meeting.summary"]._open_recording(self)
