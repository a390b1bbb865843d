from odoo import api, fields, models
from odoo.fields import Domain

from .crm_lead import TEMPERATURES

SALES = "sales_team.group_sale_salesman"


class ResPartner(models.Model):
    _inherit = "res.partner"

    ai_score_ids = fields.One2many(
        "crm.score.client", "partner_id", string="Scores", groups=SALES
    )
    ai_score = fields.Integer(
        string="Score",
        compute="_compute_ai_score",
        search="_search_ai_score",
        groups=SALES,
    )
    ai_temperature = fields.Selection(
        TEMPERATURES,
        string="Temperature",
        compute="_compute_ai_score",
        search="_search_ai_temperature",
        groups=SALES,
    )

    @api.depends_context("company")
    @api.depends("commercial_partner_id")
    def _compute_ai_score(self):
        rows = self.env["crm.score.client"].search_fetch(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ],
            ["partner_id", "score", "temperature"],
        )
        found = {row.partner_id.id: row for row in rows}
        for partner in self:
            row = found.get(partner.commercial_partner_id.id)
            partner.ai_score = row.score if row else 0
            partner.ai_temperature = row.temperature if row else False

    def _search_ai_score(self, operator, value):
        return self._search_client_score("score", operator, value)

    def _search_ai_temperature(self, operator, value):
        return self._search_client_score("temperature", operator, value)

    def _search_client_score(self, name, operator, value):
        wanted = Domain(name, operator, value) & Domain(
            "company_id", "=", self.env.company.id
        )
        return Domain("commercial_partner_id.ai_score_ids", "any", wanted)

    def action_open_scored_leads(self):
        """Open the deals behind the score, the best first."""
        self.ensure_one()
        return self._open_scored_leads()

    def _open_scored_leads(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_ai_scoring.crm_lead_action_by_score"
        )
        clients = self.commercial_partner_id
        return {
            **action,
            "name": self.env._("Deals of %s", clients.display_name),
            "path": False,
            "domain": [("partner_id", "child_of", clients.ids)],
            "context": {"active_test": False},
        }
