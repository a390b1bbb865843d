from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmAiPromptPreview(models.TransientModel):
    """Tries a version of a prompt on a real record; nothing is kept anywhere."""

    _name = "crm.ai.prompt.preview"
    _description = "Preview of a Prompt"

    version_id = fields.Many2one("crm.ai.prompt.version", required=True, readonly=True)
    res_model = fields.Char(related="version_id.prompt_id.model_id.model")
    res_ref = fields.Reference(selection="_selection_model", string="Record")
    call_id = fields.Many2one("crm.ai.call", readonly=True)
    state = fields.Selection(related="call_id.state")
    label = fields.Char(compute="_compute_answer")
    answer = fields.Text(compute="_compute_answer")

    @api.model
    def _selection_model(self):
        models_ = (
            self.env["crm.ai.prompt"]
            .sudo()
            .search([("model_id", "!=", False)])
            .model_id
        )
        return [(model.model, model.name) for model in models_]

    @api.depends("call_id.state")
    def _compute_answer(self):
        for window in self:
            call = window.call_id
            done = call.state == "done"
            window.label = call._get_label() if done else call.fallback_reason
            window.answer = call._get_answer_text() if done else False

    def action_ask(self):
        """Ask with this version about the chosen record."""
        self.ensure_one()
        if not self.res_ref:
            raise UserError(self.env._("Choose a record first."))
        self.call_id = self.env["crm.ai.call"]._ask(
            self.version_id.feature_id.code,
            self.res_ref,
            {"prompt_version_id": self.version_id.id},
            purpose="preview",
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try on a Record"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
