from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib.prompts import PromptError, check_names


class CrmAiPromptVersion(models.Model):
    """One wording of a prompt; what has answered once is never changed again.

    Trials (previews, regression sets) freeze nothing.
    """

    _name = "crm.ai.prompt.version"
    _description = "Version of a Prompt"
    _order = "prompt_id, number desc, id desc"
    _rec_name = "number"

    prompt_id = fields.Many2one(
        "crm.ai.prompt", required=True, index=True, ondelete="cascade"
    )
    feature_id = fields.Many2one(related="prompt_id.feature_id")
    number = fields.Integer(readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In Use"), ("archived", "Former")],
        required=True,
        default="draft",
        copy=False,
    )
    system_text = fields.Text(
        string="Instructions", required=True, help="Who the model is, what it must do."
    )
    user_text = fields.Text(
        string="Question",
        required=True,
        help="Names of inputs stand in double braces.",
    )
    note = fields.Char(string="What Changed", copy=False)
    call_ids = fields.One2many("crm.ai.call", "prompt_version_id")
    is_used = fields.Boolean(compute="_compute_is_used")
    call_count = fields.Integer(string="Answers", compute="_compute_quality")
    acceptance_pct = fields.Float(string="Kept (%)", compute="_compute_quality")
    edit_pct = fields.Float(string="Changed (%)", compute="_compute_quality")
    case_state = fields.Selection(
        [("none", "Not tried"), ("running", "Running"), ("ok", "Good"), ("ko", "Bad")],
        compute="_compute_case_state",
        string="Regression",
    )
    input_help = fields.Text(compute="_compute_input_help")

    _one_active = models.UniqueIndex(
        "(prompt_id) WHERE state = 'active'", "One version of a prompt is in use."
    )

    @api.depends("number", "prompt_id.name")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(prompt)s, version %(number)s",
                prompt=version.prompt_id.name,
                number=version.number,
            )

    def _compute_is_used(self):
        used = self.env["crm.ai.call"].sudo()
        groups = used._read_group(
            [("prompt_version_id", "in", self.ids), ("purpose", "=", "use")],
            ["prompt_version_id"],
        )
        used_ids = {version.id for [version] in groups}
        for version in self:
            version.is_used = version.id in used_ids

    def _compute_quality(self):
        """Count what people did with the answers of each version."""
        # sudo: figures only, of all companies: prompts are common to them
        groups = (
            self.env["crm.ai.report"]
            .sudo()
            ._read_group(
                [("prompt_version_id", "in", self.ids)],
                ["prompt_version_id"],
                ["__count", "kept_pct:avg", "edit_pct:avg"],
            )
        )
        figures = {version.id: rest for version, *rest in groups}
        for version in self:
            count, kept, edited = figures.get(version.id, (0, 0, 0))
            version.call_count = count
            version.acceptance_pct = kept or 0
            version.edit_pct = edited or 0

    @api.depends("prompt_id.case_ids.run_ids.state")
    def _compute_case_state(self):
        for version in self:
            runs = version.prompt_id.case_ids._get_last_runs(version)
            states = set(runs.mapped("state"))
            version.case_state = next(
                (state for state in ("running", "ko", "ok") if state in states), "none"
            )

    @api.depends("prompt_id.input_ids")
    def _compute_input_help(self):
        for version in self:
            version.input_help = "\n".join(
                f"{{{{ {line.name} }}}}  {line.description or ''}".rstrip()
                for line in version.prompt_id.input_ids
            )

    @api.constrains("system_text", "user_text")
    def _check_texts(self):
        # made together with its prompt: the check of the prompt comes last
        self.filtered("prompt_id.input_ids")._check_inputs()

    def _check_inputs(self):
        """Refuse names of inputs that the prompt does not declare."""
        for version in self:
            names = version.prompt_id.input_ids.mapped("name")
            try:
                check_names(names, version.system_text, version.user_text)
            except PromptError as error:
                raise ValidationError(
                    self.env._(
                        "No input of this prompt is called %s.", ", ".join(error.names)
                    )
                ) from None

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        for version in versions:
            others = version.prompt_id.version_ids - version
            version.number = max(others.mapped("number"), default=0) + 1
        return versions

    def write(self, vals):
        if {"system_text", "user_text"} & vals.keys():
            for version in self.filtered("is_used"):
                if any(
                    name in vals and vals[name] != version[name]
                    for name in ("system_text", "user_text")
                ):
                    raise UserError(
                        self.env._(
                            "Version %s has answered already: make a new one.",
                            version.number,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.filtered("is_used"):
            raise UserError(
                self.env._("A version that has answered stays in the register.")
            )

    def action_activate(self):
        """Let this version answer from now on."""
        self.ensure_one()
        self.check_access("write")
        former = self.prompt_id.version_ids.filtered(lambda v: v.state == "active")
        (former - self).write({"state": "archived"})
        self.env.flush_all()
        self.state = "active"

    def action_run_cases(self):
        """Ask the regression set with this version, in the background."""
        self.ensure_one()
        self.check_access("write")
        if not self.prompt_id.case_ids:
            raise UserError(self.env._("The regression set is empty."))
        for case in self.prompt_id.case_ids:
            case._run(self)

    def action_preview(self):
        """Open the window that tries this version on a real record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try on a Record"),
            "res_model": "crm.ai.prompt.preview",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_version_id": self.id},
        }
