from odoo import api, fields, models

from ..const import AI_PROVIDERS


class CrmAiRoute(models.Model):
    """Who answers, in order: a list for all features, and lists of single features.

    The rules of the suite always come last. A line without a connection says "rules"
    and ends the list.
    """

    _name = "crm.ai.route"
    _description = "Model Answering a Feature"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    feature_id = fields.Many2one(
        "crm.ai.feature",
        index=True,
        ondelete="cascade",
        domain=[("needs", "!=", "none")],
        help="Empty: all features without a list of their own.",
    )
    connection_id = fields.Many2one(
        "crm.connection",
        string="Model",
        index=True,
        ondelete="cascade",
        domain=[("provider", "in", AI_PROVIDERS)],
        check_company=True,
        help="Empty: the rules answer, no model is asked.",
    )
    state = fields.Selection(related="connection_id.state")

    _check_company_auto = True

    @api.depends("connection_id")
    def _compute_display_name(self):
        for route in self:
            route.display_name = route.connection_id.name or self.env._("Rules")

    @api.model
    def _get_routes(self, feature, company):
        """Return the lines with a model for a feature, in order (superuser).

        A feature's own list replaces the common one, even when it only says rules.
        """
        # sudo: sellers use models they may not configure
        lines = self.sudo().search_fetch(
            [("company_id", "=", company.id)], ["feature_id", "connection_id"]
        )
        own = lines.filtered(lambda line: line.feature_id == feature)
        kept = own or lines.filtered(lambda line: not line.feature_id)
        ended = False
        chosen = self.sudo().browse()
        for line in kept:
            ended = ended or not line.connection_id
            if not ended:
                chosen |= line
        return chosen
