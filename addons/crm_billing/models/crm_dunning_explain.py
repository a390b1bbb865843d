from odoo import models
from odoo.tools import format_date

from ..lib.dunning import find_way
from ..lib.dunning_facts import Action, Note, Reason


class CrmDunningEngine(models.AbstractModel):
    """Says decisions in words."""

    _inherit = "crm.dunning.engine"

    def _get_way(self, item, step):
        """Return action and reason of a step sent by hand."""
        return find_way(item, step)

    def _explain(self, decision):
        """Return one sentence: what happens to the document today, and why."""
        values = self._prepare_words(decision)
        sentences = {
            Action.SEND: self._explain_leaving,
            Action.TASK: self._explain_task,
            Action.WAIT: self._explain_waiting,
            Action.NOTHING: self._explain_nothing,
        }
        text = sentences[decision.action](decision, values)
        notes = [text] + [self._explain_note(note) for note in decision.notes]
        return " ".join(notes)

    def _prepare_words(self, decision):
        steps = self.env["crm.dunning.step"].sudo()
        own = steps.browse(decision.step.key) if decision.step else steps
        message = decision.message_step
        leading = steps.browse(message.key) if message else own
        return {
            "step": own.display_name or "",
            "message": leading.display_name or "",
            "day": format_date(self.env, decision.until) if decision.until else "",
            "why": decision.block.reason if decision.block else "",
        }

    def _explain_leaving(self, decision, values):
        if decision.is_covered:
            return self.env._("%(step)s, covered by %(message)s.", **values)
        return self.env._("%(step)s leaves.", **values)

    def _explain_task(self, decision, values):
        sentences = {
            Reason.FOR_HUMAN: self.env._(
                "%(message)s is a task for a person.", **values
            ),
            Reason.NO_ADDRESS: self.env._(
                "%(message)s becomes a task: no address to send it to.", **values
            ),
            Reason.NO_FIGURES: self.env._(
                "%(message)s becomes a task: late interest cannot be computed.",
                **values,
            ),
        }
        return sentences[decision.reason]

    def _explain_waiting(self, decision, values):
        if decision.reason is Reason.BLOCKED:
            if decision.until:
                return self.env._("%(step)s waits until %(day)s: %(why)s", **values)
            return self.env._("%(step)s waits: %(why)s", **values)
        if not decision.until:
            return self.env._("%(step)s waits: no open day within a year.", **values)
        sentences = {
            Reason.NOT_YET: self.env._("%(step)s on %(day)s.", **values),
            Reason.CLOSED_DAY: self.env._(
                "%(step)s on %(day)s: today is a closed day.", **values
            ),
            Reason.TOO_SOON: self.env._(
                "%(step)s on %(day)s: the client just got a message.", **values
            ),
            Reason.PART_PAID: self.env._(
                "%(step)s on %(day)s: the client just paid a part.", **values
            ),
        }
        return sentences[decision.reason]

    def _explain_nothing(self, decision, values):
        sentences = {
            Reason.SETTLED: self.env._("Nothing is left to pay."),
            Reason.NOT_POSTED: self.env._("The invoice is not posted."),
            Reason.BEFORE_START: self.env._("Due before the policy starts."),
            Reason.BELOW_MINIMUM: self.env._("Below the amount of the policy."),
            Reason.TIME_BARRED: self.env._(
                "%(step)s never leaves: the debt is time-barred.", **values
            ),
            Reason.COMPLETE: self.env._("All steps are done."),
        }
        return sentences[decision.reason]

    def _explain_note(self, note):
        notes = {
            Note.BROKEN_PROMISE: self.env._("A promise was not kept."),
            Note.MISSED_STEPS: self.env._("Earlier steps were missed and stay unsent."),
        }
        return notes[note]
