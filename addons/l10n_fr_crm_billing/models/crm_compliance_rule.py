from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..lib.compliance import BLOCK, DEFAULT_LEVELS, OFF, WARN, Finding


class CrmComplianceRule(models.Model):
    """What one check says, and what each company makes of it."""

    _name = "crm.compliance.rule"
    _description = "Compliance Rule"
    _order = "sequence, id"
    _rec_name = "message"

    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    message = fields.Char(
        string="What is wrong", required=True, translate=True, readonly=True
    )
    reference = fields.Char(string="Article", readonly=True)
    level = fields.Selection(
        selection="_selection_level",
        compute="_compute_level",
        inverse="_inverse_level",
        string="Effect",
    )
    own_level = fields.Selection(
        selection="_selection_level",
        company_dependent=True,
        help="Choice of the company; empty: the usual effect.",
    )
    default_level = fields.Selection(
        selection="_selection_level",
        compute="_compute_default_level",
        string="Usual Effect",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "This check exists already.")

    @api.model
    def _selection_level(self):
        return [
            (BLOCK, self.env._("Blocks posting")),
            (WARN, self.env._("Warns")),
            (OFF, self.env._("Not checked")),
        ]

    @api.depends("code")
    def _compute_default_level(self):
        for rule in self:
            rule.default_level = DEFAULT_LEVELS.get(rule.code, WARN)

    @api.depends("own_level", "default_level")
    @api.depends_context("company")
    def _compute_level(self):
        for rule in self:
            rule.level = rule.own_level or rule.default_level

    def _inverse_level(self):
        for rule in self:
            same = rule.level == rule.default_level
            rule.own_level = False if same else rule.level

    def write(self, vals):
        # Sentences are common to the companies of the server, effects are not.
        if not self.env.su and not set(vals) <= {"level", "own_level"}:
            raise AccessError(self.env._("Only the effect of a check can be chosen."))
        return super().write(vals)

    def action_reset(self):
        """Go back to the usual effect."""
        self.own_level = False

    @api.model
    def _get_effects(self, company):
        """Return ``{code: (level, sentence)}`` as one company wants it."""
        # Anyone who may post reads what the company decided.
        domain = [("code", "in", list(DEFAULT_LEVELS))]
        rules = self.sudo().with_company(company).search(domain)
        return {rule.code: (rule.level, rule.message) for rule in rules}

    @api.model
    def _tell(self, finding: Finding, effects):
        """Return the level and the sentence of a finding."""
        level, sentence = effects.get(finding.code, (WARN, finding.code))
        if finding.message:
            sentence = finding.message
        else:
            for name, value in finding.values:
                sentence = sentence.replace(f"%({name})s", value)
        return finding.level or level, sentence
