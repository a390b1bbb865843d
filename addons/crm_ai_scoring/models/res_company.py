from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.standing import Policy


class ResCompany(models.Model):
    _inherit = "res.company"

    score_hot_from = fields.Integer(string="Hot From", default=60)
    score_warm_from = fields.Integer(string="Warm From", default=30)
    score_start = fields.Integer(
        string="Starting Points",
        default=30,
        help="Score of a deal that meets no criterion, while there is no model.",
    )
    score_most_adjustment = fields.Integer(
        string="Most Points of the Criteria",
        default=10,
        help="How far the lasting criteria may move the score of a model.",
    )
    score_tells_hot = fields.Boolean(
        string="Tell When Deals Become Hot",
        default=True,
        help="One notice a day and person, however many deals.",
    )
    score_learns = fields.Boolean(
        string="Learn from Closed Deals",
        default=True,
        help="At night, when enough deals were closed. Otherwise only criteria count.",
    )

    @api.constrains("score_hot_from", "score_warm_from")
    def _check_score_thresholds(self):
        for company in self:
            if not 0 < company.score_warm_from < company.score_hot_from <= 100:
                raise ValidationError(
                    company.env._(
                        "Warm begins above 0 and below hot; hot begins at 100 at most."
                    )
                )

    @api.constrains("score_start", "score_most_adjustment")
    def _check_score_points(self):
        for company in self:
            if not 0 <= company.score_start <= 100:
                raise ValidationError(
                    company.env._("The starting points are between 0 and 100.")
                )
            if not 0 <= company.score_most_adjustment <= 50:
                raise ValidationError(
                    company.env._("The criteria may move a score by 0 to 50 points.")
                )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & POLICY_FIELDS:
            self._score_all_soon()
        return result

    def _get_score_policy(self, model) -> Policy:
        self.ensure_one()
        speaks = model and self.score_learns
        return Policy(
            start=float(self.score_start),
            model_share=model.share if speaks else 0.0,
            most_adjustment=float(self.score_most_adjustment),
            hot_from=self.score_hot_from,
            warm_from=self.score_warm_from,
        )

    # === Jobs === #

    def _score_all_soon(self):
        """Score all open deals again, in one job a company."""
        for company in self.sudo():
            company.with_delay(
                identity_key=f"crm_score_all:{company.id}", max_retries=5
            )._job_score_all()

    def _job_score_all(self):
        self.ensure_one()
        company = self.with_company(self)
        company.env["crm.score.engine"]._score(company)

    def _learn_soon(self, forced=False):
        """Learn in a job, when there is something new (or somebody asks)."""
        for company in self.sudo():
            engine = company.with_company(company).env["crm.score.engine"]
            if forced or (company.score_learns and engine._has_news(company)):
                company.with_delay(
                    identity_key=f"crm_score_learn:{company.id}", max_retries=3
                )._job_learn()

    def _job_learn(self):
        self.ensure_one()
        company = self.with_company(self)
        version = company.env["crm.score.engine"]._learn(company)
        if version.state == "live":
            company._score_all_soon()


POLICY_FIELDS = {
    "score_hot_from", "score_warm_from", "score_start", "score_most_adjustment",
    "score_learns",
}  # fmt: skip
