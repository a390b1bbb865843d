import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.expectations import Expectation


class CrmAiPromptCase(models.Model):
    """An input with what its answer must say: the memory of what went wrong once."""

    _name = "crm.ai.prompt.case"
    _description = "Regression Case of a Prompt"
    _order = "prompt_id, sequence, id"

    prompt_id = fields.Many2one(
        "crm.ai.prompt", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    facts = fields.Text(default="{}", help="JSON: input name to value.")
    texts = fields.Text(default="{}", help="JSON: input name to text by others.")
    contains = fields.Text(string="Must Say", help="One expression per line.")
    excludes = fields.Text(string="Must Not Say", help="One expression per line.")
    max_words = fields.Integer(string="At Most (words)")
    run_ids = fields.One2many("crm.ai.prompt.run", "case_id")
    last_state = fields.Selection(
        [("running", "Running"), ("ok", "Good"), ("ko", "Bad")],
        compute="_compute_last_run",
        string="Last Result",
    )
    last_reason = fields.Text(compute="_compute_last_run")

    @api.depends("run_ids.state")
    def _compute_last_run(self):
        for case in self:
            run = case.run_ids.sorted("id")[-1:]
            case.last_state = run.state
            case.last_reason = run.reason

    @api.constrains("facts", "texts")
    def _check_json(self):
        for case in self:
            for name in ("facts", "texts"):
                case._read_json(name)

    def _read_json(self, name: str) -> dict:
        try:
            value = json.loads(self[name] or "{}")
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise ValidationError(
                self.env._(
                    "%(case)s: inputs are written as a JSON object.", case=self.name
                )
            )
        return value

    def _get_expectation(self) -> Expectation:
        self.ensure_one()
        return Expectation(
            tuple((self.contains or "").splitlines()),
            tuple((self.excludes or "").splitlines()),
            self.max_words,
        )

    def _get_last_runs(self, version):
        """Return the last run of each case with a version."""
        runs = self.run_ids.filtered(lambda run: run.version_id == version)
        last = {}
        for run in runs.sorted("id"):
            last[run.case_id] = run
        return self.env["crm.ai.prompt.run"].concat(*last.values())

    def _run(self, version):
        """Ask this case with a version, in the background."""
        self.ensure_one()
        call = self.env["crm.ai.call"]._ask(
            version.feature_id.code,
            params={"case_id": self.id, "prompt_version_id": version.id},
            purpose="regression",
        )
        # sudo: whoever could join any answer to a case could guess what it says
        runs = self.env["crm.ai.prompt.run"].sudo()
        return runs.create(
            {"case_id": self.id, "version_id": version.id, "call_id": call.id}
        ).with_env(self.env)
