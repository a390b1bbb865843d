from odoo import api, fields, models
from odoo.tools import SQL

# How long a probability is remembered: its move is that of a week at most.
PULSE_DAYS = 7
# In the order of the deals: two jobs of several deals do not wait for each other.
START_QUERY = """
INSERT INTO crm_deal_pulse (lead_id, probability, source, seen_on,
                            create_uid, write_uid, create_date, write_date)
SELECT new.id, new.points, new.source, %(today)s, %(uid)s, %(uid)s,
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
  FROM unnest(%(ids)s::int[], %(points)s::float8[], %(sources)s::varchar[])
       AS new (id, points, source)
 ORDER BY new.id
    ON CONFLICT (lead_id) DO NOTHING
"""


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

    @api.model
    def _find(self, leads):
        """Return what is remembered of deals."""
        return self.search([("lead_id", "in", leads.ids)])

    @api.model
    def _start(self, leads, chances):
        """Remember a first probability of each deal: of two jobs one does it.

        :param chances: the `Chance` of each deal, by id
        :return: what was remembered before
        :raises psycopg2.OperationalError: the other one has just done it; jobs and
            requests are then run again, on what it proposed
        """
        known = self._find(leads)
        new = (leads - known.lead_id).ids
        if new:
            query = SQL(
                START_QUERY,
                ids=new,
                points=[chances[lead_id].points for lead_id in new],
                sources=[chances[lead_id].source for lead_id in new],
                today=fields.Date.context_today(self),
                uid=self.env.uid,
            )
            self.env.cr.execute(query, log_exceptions=False)
        return known

    def _get_moves(self, chances):
        """Return the points by which deals moved, by id, where one giver says both."""
        return {
            pulse.lead_id.id: chances[pulse.lead_id.id].points - pulse.probability
            for pulse in self
            if pulse.source == chances[pulse.lead_id.id].source
        }

    def _follow(self, chances):
        """Remember the probability of a week ago at most, by who gives it now."""
        today = fields.Date.context_today(self)
        for pulse in self:
            chance = chances[pulse.lead_id.id]
            is_old = (today - pulse.seen_on).days >= PULSE_DAYS
            if is_old or pulse.source != chance.source:
                pulse.write(
                    {
                        "probability": chance.points,
                        "source": chance.source,
                        "seen_on": today,
                    }
                )
