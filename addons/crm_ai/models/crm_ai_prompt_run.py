from odoo import api, fields, models

from ..lib.expectations import judge


class CrmAiPromptRun(models.Model):
    """One regression case asked once."""

    _name = "crm.ai.prompt.run"
    _description = "Run of a Regression Case"
    _order = "id desc"

    case_id = fields.Many2one(
        "crm.ai.prompt.case", required=True, index=True, ondelete="cascade"
    )
    version_id = fields.Many2one(
        "crm.ai.prompt.version", required=True, index=True, ondelete="cascade"
    )
    call_id = fields.Many2one("crm.ai.call", index=True, ondelete="set null")
    state = fields.Selection(
        [("running", "Running"), ("ok", "Good"), ("ko", "Bad")],
        compute="_compute_verdict",
        store=True,
    )
    reason = fields.Text(compute="_compute_verdict", store=True)

    @api.depends("call_id.state")
    def _compute_verdict(self):
        for run in self:
            call = run.call_id.sudo()
            if call.state in ("pending", "running"):
                run.state, run.reason = "running", False
            elif call.state != "done" or call.answered_by != "model":
                run.state = "ko"
                run.reason = call.fallback_reason or self.env._("No model answered.")
            else:
                run.state, run.reason = run._judge(call)

    def _judge(self, call):
        verdict = judge(call._get_answer_text(), self.case_id._get_expectation())
        lines = [self.env._("Missing: %s", text) for text in verdict.missing]
        lines += [self.env._("Unwanted: %s", text) for text in verdict.unwanted]
        if verdict.words_over:
            lines.append(self.env._("%s words too many", verdict.words_over))
        return ("ok" if verdict.is_good else "ko"), "\n".join(lines)
