from odoo import fields, models


class CrmDealPulse(models.Model):
    """What the copilot remembers of a deal: its probability some days ago."""

    _name = "crm.deal.pulse"
    _description = "Remembered Probability of a Deal"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    probability = fields.Float()
    # Who gave it: two givers do not compare.
    source = fields.Char()
    seen_on = fields.Date(required=True)

    _one_per_lead = models.UniqueIndex("(lead_id)")
