from odoo import api, fields, models
from odoo.tools import ormcache


class CrmAiFeature(models.Model):
    """Something the suite may ask a language model for; the catalogue of uses.

    Addons bring theirs as data. What is said here goes into the register that the
    AI Act asks of whoever deploys such a system (Regulation (EU) 2024/1689, art. 26
    and 50).
    """

    _name = "crm.ai.feature"
    _description = "AI Feature"
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(string="Purpose", translate=True)
    data_categories = fields.Text(string="Personal Data", translate=True)
    oversight = fields.Text(string="Who Decides", translate=True)
    task_model = fields.Char(readonly=True)
    needs = fields.Selection(
        [
            ("none", "No Model"),
            ("text", "Text"),
            ("tools", "Tools"),
            ("audio", "Sound"),
        ],
        required=True,
        default="text",
    )
    cache_hours = fields.Integer(
        string="Reuse Answers (hours)",
        help="The same question within this time costs nothing. 0: always asked.",
    )
    is_batch = fields.Boolean(
        string="In the Background", help="Nobody waits: other calls go first."
    )
    route_ids = fields.One2many("crm.ai.route", "feature_id", string="Models")
    answered_by = fields.Char(compute="_compute_answered_by")

    _code_uniq = models.Constraint("UNIQUE(code)", "This feature exists already.")

    @api.depends_context("allowed_company_ids", "lang")
    @api.depends("route_ids.connection_id", "route_ids.sequence")
    def _compute_answered_by(self):
        """Say who answers in the current company, in order."""
        rules = self.env._("Rules")
        for feature in self:
            if feature.needs == "none":
                feature.answered_by = rules
                continue
            routes = self.env["crm.ai.route"]._get_routes(feature, self.env.company)
            names = [c.name for c in routes.connection_id]
            feature.answered_by = " → ".join([*names, rules])

    @api.model
    def _get_by_code(self, code: str):
        """Return a feature.

        :raise ValueError: nobody brought it
        """
        # sudo: the catalogue is read for everybody
        return self.sudo().browse(self._get_id(code))

    @ormcache("code")
    def _get_id(self, code: str) -> int:
        feature = self.sudo().search([("code", "=", code)], limit=1)
        if not feature:
            raise ValueError(f"unknown AI feature {code!r}")
        return feature.id

    def write(self, vals):
        if "code" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _get_task(self):
        """Return the task of this feature, in the environment of the feature."""
        self.ensure_one()
        return self.env[self.task_model]
