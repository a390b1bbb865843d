import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmAiPromptInput(models.Model):
    """A name that a prompt may speak of, given by the feature."""

    _name = "crm.ai.prompt.input"
    _description = "Input of a Prompt"
    _order = "prompt_id, sequence, id"

    prompt_id = fields.Many2one(
        "crm.ai.prompt", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(
        [("fact", "Fact of ours"), ("text", "Text by others")],
        required=True,
        default="fact",
    )
    description = fields.Char(translate=True)

    _name_uniq = models.Constraint(
        "UNIQUE(prompt_id, name)", "An input has one line per prompt."
    )

    @api.constrains("name")
    def _check_name(self):
        for line in self:
            if not re.fullmatch(r"[a-z][a-z0-9_]*", line.name):
                raise ValidationError(
                    self.env._("An input is named in small letters, digits and _.")
                )
