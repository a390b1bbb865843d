from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmAiPrompt(models.Model):
    """What a model is told for one feature, in numbered versions."""

    _name = "crm.ai.prompt"
    _description = "Prompt"
    _inherit = ["mail.thread"]
    _order = "feature_id, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="How the feature finds it; one active version answers."
    )
    feature_id = fields.Many2one(
        "crm.ai.feature", required=True, index=True, ondelete="cascade"
    )
    model_id = fields.Many2one(
        "ir.model",
        string="Preview On",
        ondelete="set null",
        help="What a record of the preview is.",
    )
    version_ids = fields.One2many("crm.ai.prompt.version", "prompt_id")
    active_version_id = fields.Many2one(
        "crm.ai.prompt.version", compute="_compute_active_version_id"
    )
    input_ids = fields.One2many("crm.ai.prompt.input", "prompt_id")
    case_ids = fields.One2many("crm.ai.prompt.case", "prompt_id")
    case_count = fields.Integer(compute="_compute_case_count")

    _code_uniq = models.Constraint("UNIQUE(code)", "This code names a prompt already.")

    @api.depends("version_ids.state")
    def _compute_active_version_id(self):
        versions = self.version_ids.filtered(lambda v: v.state == "active")
        by_prompt = {version.prompt_id: version for version in versions}
        for prompt in self:
            prompt.active_version_id = by_prompt.get(prompt, False)

    @api.depends("case_ids")
    def _compute_case_count(self):
        for prompt in self:
            prompt.case_count = len(prompt.case_ids)

    @api.constrains("input_ids", "version_ids")
    def _check_inputs(self):
        self.version_ids._check_inputs()

    @api.model
    def _get_active_version(self, code: str):
        """Return the version that answers now (superuser), empty when there is none."""
        # sudo: everybody's questions use the prompts, few may read them
        return (
            self.env["crm.ai.prompt.version"]
            .sudo()
            .search_fetch(
                [("prompt_id.code", "=", code), ("state", "=", "active")],
                ["system_text", "user_text"],
                limit=1,
            )
        )

    def action_new_version(self):
        """Copy the version in use into a draft and open it."""
        self.ensure_one()
        draft = self.version_ids.filtered(lambda v: v.state == "draft")[:1]
        if not draft:
            source = self.active_version_id or self.version_ids[:1]
            if not source:
                raise UserError(self.env._("Write a first version below."))
            draft = source.copy({"state": "draft"})
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.ai.prompt.version",
            "res_id": draft.id,
            "views": [(False, "form")],
        }
