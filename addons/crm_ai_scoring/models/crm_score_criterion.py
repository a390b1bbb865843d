from ast import literal_eval

import numpy as np

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..lib.frame import Frame
from .crm_score_engine import FEW

MOST_POINTS = 50
COMPARISONS = {
    ">=": np.greater_equal,
    "<=": np.less_equal,
    "=": np.equal,
}


class CrmScoreCriterion(models.Model):
    """Points that an administrator gives or takes.

    Before a model exists they make the score; afterwards the lasting ones adjust it,
    within the limit of the settings.
    """

    _name = "crm.score.criterion"
    _description = "Criterion of the Score"
    _order = "sequence, id"

    name = fields.Char(string="Criterion", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        help="Empty: for all companies.",
        default=lambda self: self.env.company,
        index=True,
    )
    kind = fields.Selection(
        [("fact", "A fact of the deal"), ("domain", "A filter on deals")],
        string="Looks at",
        required=True,
        default="domain",
    )
    fact = fields.Selection("_selection_fact")
    comparison = fields.Selection(
        [(">=", "at least"), ("<=", "at most"), ("=", "equal to"), ("none", "unknown")],
        default=">=",
    )
    value = fields.Float(digits=(12, 2))
    domain = fields.Char(string="Filter", default="[]")
    points = fields.Integer(
        required=True, default=10, help="Added to the score; negative to take away."
    )
    is_lasting = fields.Boolean(
        string="Also Adjusts the Model",
        help="Otherwise the criterion stops counting as the model takes over.",
    )

    _points_range = models.Constraint(
        f"CHECK (points BETWEEN -{MOST_POINTS} AND {MOST_POINTS} AND points <> 0)",
        "Points go from -50 to 50, without 0.",
    )

    @api.model
    def _selection_fact(self):
        features = self.env["crm.score.engine"]._get_score_features()
        return [(f.name, f.label) for f in features if f.kind != "category"]

    @api.constrains("kind", "fact", "comparison", "domain")
    def _check_content(self):
        for criterion in self:
            if criterion.kind == "fact":
                if not (criterion.fact and criterion.comparison):
                    raise ValidationError(
                        self.env._("Choose the fact and how it is compared.")
                    )
                continue
            criterion._check_domain()

    def _check_domain(self):
        """Refuse a filter that would break the scores of the night."""
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        try:
            with self.env.cr.savepoint():
                leads.search_count(self._get_domain(), limit=1)
        except Exception as error:
            raise ValidationError(
                self.env._("The filter of “%s” cannot be read.", self.name)
            ) from error

    def _get_domain(self) -> Domain:
        return Domain(literal_eval(self.domain or "[]"))

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        criteria._rescore()
        return criteria

    def write(self, vals):
        companies = self.company_id
        result = super().write(vals)
        if vals.keys() - {"sequence", "name"}:
            self._rescore(companies)
        return result

    def unlink(self):
        companies, is_common = self.company_id, not all(c.company_id for c in self)
        result = super().unlink()
        self.browse()._rescore(companies, is_common)
        return result

    def _rescore(self, companies=None, is_common=False):
        """Have all deals scored anew, by a job."""
        if self.env.context.get("install_mode"):
            return
        companies = (companies or self.env["res.company"]) | self.company_id
        if is_common or any(not criterion.company_id for criterion in self):
            companies = self.env["res.company"].sudo().search([("active", "=", True)])
        companies._score_all_soon()

    # === Points === #

    @api.model
    def _find_for(self, company):
        return self.sudo().search([("company_id", "in", [company.id, False])])

    def _get_points(self, frame: Frame) -> np.ndarray:
        """Return the points of each deal (rows) by each criterion (columns)."""
        points = np.zeros((len(frame), len(self)))
        for place, criterion in enumerate(self):
            points[:, place] = criterion._is_met(frame) * float(criterion.points)
        return points

    def _is_met(self, frame: Frame) -> np.ndarray:
        self.ensure_one()
        if self.kind == "domain":
            return self._is_met_by_domain(frame)
        column = frame.columns.get(self.fact)
        if column is None:
            return np.zeros(len(frame), dtype=bool)
        if self.comparison == "none":
            return np.isnan(column)
        with np.errstate(invalid="ignore"):
            return COMPARISONS[self.comparison](column, self.value)

    def _is_met_by_domain(self, frame: Frame) -> np.ndarray:
        # sudo: a criterion looks at all deals of its company
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        domain = self._get_domain() & Domain("won_status", "=", "pending")
        if len(frame) <= FEW:
            domain &= Domain("id", "in", frame.ids.tolist())
        rows = self.env.execute_query(leads._search(domain).select())
        return np.isin(frame.ids, np.array([row[0] for row in rows], dtype=np.int64))
