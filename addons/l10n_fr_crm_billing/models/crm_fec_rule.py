from odoo import api, fields, models

from .crm_fec_finding import SEVERITIES


class CrmFecRule(models.Model):
    """How often a file breaks a rule."""

    _name = "crm.fec.rule"
    _description = "Rule Broken by an Accounting File"
    _order = "check_id, severity, count desc, id"

    check_id = fields.Many2one(
        "crm.fec.check", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="check_id.company_id", store=True)
    rule = fields.Char(string="Rule Code", required=True, readonly=True)
    name = fields.Char(string="Rule", compute="_compute_name")
    severity = fields.Selection(SEVERITIES, required=True, readonly=True)
    count = fields.Integer(string="Times", readonly=True)

    @api.depends("rule")
    @api.depends_context("lang")
    def _compute_name(self):
        findings = self.env["crm.fec.finding"]
        for record in self:
            record.name = findings._get_rule_name(record.rule)

    def action_open_findings(self):
        """Show the lines that break this rule."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_fr_crm_billing.crm_fec_finding_action"
        )
        action["domain"] = [
            ("check_id", "=", self.check_id.id),
            ("rule", "=", self.rule),
            ("severity", "=", self.severity),
        ]
        action["display_name"] = self.name
        return action
