from odoo import api, fields, models
from odoo.tools import SQL

from .crm_lead import TEMPERATURES
from .crm_score_engine import USUAL_RATE

# A client without open deals: what its past is worth halves each year.
HALF_LIFE_DAYS = 365
# As if so many more deals had been closed at the usual rate.
STRENGTH = 2


class CrmScoreClient(models.Model):
    """How likely a client is to buy, per company; from its deals only.

    With open deals: the chance that at least one of them is won, taking them as
    independent. Without: its own success rate, pulled towards the usual one while it
    has few deals, halved by each year since the last deal was closed.
    """

    _name = "crm.score.client"
    _description = "Score of a Client"
    _order = "score desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    score = fields.Integer(readonly=True, index=True, aggregator="avg")
    temperature = fields.Selection(TEMPERATURES, readonly=True, index=True)
    open_count = fields.Integer(string="Open Deals", readonly=True)
    won_count = fields.Integer(string="Won Deals", readonly=True)
    lost_count = fields.Integer(string="Lost Deals", readonly=True)
    scored_at = fields.Datetime(string="Since", readonly=True)
    country_id = fields.Many2one(related="partner_id.country_id")
    industry_id = fields.Many2one(related="partner_id.industry_id")

    _client_uniq = models.UniqueIndex("(partner_id, company_id)")

    def action_open_leads(self):
        self.ensure_one()
        return self.partner_id._open_scored_leads()

    @api.model
    def _refresh(self, company, partner_ids: list[int] | None = None):
        """Bring the scores of clients in line with their deals, where they differ."""
        if partner_ids is not None and not partner_ids:
            return
        chosen = (
            SQL("TRUE")
            if partner_ids is None
            else SQL("partner.commercial_partner_id = ANY(%s)", partner_ids)
        )
        engine = self.env["crm.score.engine"]
        self.env.cr.execute(
            SQL(
                REFRESH_QUERY,
                company_id=company.id,
                company=engine._build_company_filter(company),
                chosen=chosen,
                now=engine._get_now(),
                half_life=HALF_LIFE_DAYS * 86_400.0,
                strength=STRENGTH,
                rate=USUAL_RATE,
                hot=company.score_hot_from,
                warm=company.score_warm_from,
            )
        )
        self.invalidate_model()


REFRESH_QUERY = """
WITH deals AS (
    SELECT partner.commercial_partner_id AS partner_id,
           count(*) FILTER (WHERE lead.won_status = 'pending' AND lead.active)
               AS opened,
           count(*) FILTER (WHERE lead.won_status = 'won') AS won,
           count(*) FILTER (WHERE lead.won_status = 'lost') AS lost,
           max(lead.date_closed) AS closed_at,
           1 - exp(COALESCE(sum(ln(1 - LEAST(lead.ai_score, 99) / 100.0)) FILTER (
               WHERE lead.won_status = 'pending' AND lead.active), 0)) AS chance
      FROM crm_lead lead
      JOIN res_partner partner ON partner.id = lead.partner_id
      LEFT JOIN res_users seller ON seller.id = lead.user_id
     WHERE %(company)s AND %(chosen)s
     GROUP BY partner.commercial_partner_id
), scores AS (
    SELECT deals.*, round(100 * CASE WHEN opened > 0 THEN chance
           ELSE (won + %(strength)s * %(rate)s) / (won + lost + %(strength)s) * 0.5 ^
                GREATEST(EXTRACT(EPOCH FROM %(now)s::timestamp
                    - COALESCE(closed_at, %(now)s)) / %(half_life)s, 0) END)::int
           AS score
      FROM deals
)
INSERT INTO crm_score_client AS client (partner_id, company_id, score, temperature,
       open_count, won_count, lost_count, scored_at)
SELECT partner_id, %(company_id)s, score,
       CASE WHEN score >= %(hot)s THEN 'hot' WHEN score >= %(warm)s THEN 'warm'
            ELSE 'cold' END,
       opened, won, lost, %(now)s
  FROM scores
    ON CONFLICT (partner_id, company_id) DO UPDATE
   SET score = EXCLUDED.score, temperature = EXCLUDED.temperature,
       open_count = EXCLUDED.open_count, won_count = EXCLUDED.won_count,
       lost_count = EXCLUDED.lost_count, scored_at = EXCLUDED.scored_at
 WHERE (client.score, client.temperature, client.open_count, client.won_count,
        client.lost_count)
       IS DISTINCT FROM (EXCLUDED.score, EXCLUDED.temperature, EXCLUDED.open_count,
                         EXCLUDED.won_count, EXCLUDED.lost_count)
"""
