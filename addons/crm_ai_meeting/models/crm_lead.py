from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    meeting_summary_ids = fields.One2many(
        "crm.meeting.summary",
        "lead_id",
        string="Meeting Summaries",
        groups="crm_base.crm_base_group_seller",
    )
    decision_maker = fields.Char()
    rivals = fields.Char(string="Competitors")

    def action_record_meeting(self):
        """Open a new recording for this opportunity, or the one under way."""
        self.ensure_one()
        return self.env["crm.meeting.summary"]._open_recording(self)
