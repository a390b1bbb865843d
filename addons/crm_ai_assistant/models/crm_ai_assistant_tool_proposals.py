from datetime import date

from odoo import fields, models
from odoo.exceptions import UserError

MAX_PROPOSALS = 3


class CrmAiAssistantTool(models.AbstractModel):
    """What would change something: shown as a card, done by the click of a person."""

    _inherit = "crm.ai.assistant.tool"

    def _tool_propose_activity(self, turn, args) -> dict:
        today = fields.Date.context_today(self)
        try:
            due = max(date.fromisoformat(args.due_date), today)
        except ValueError:
            raise UserError(self.env._("The day is written YYYY-MM-DD.")) from None
        return self._propose(
            turn,
            args,
            kind="activity",
            activity_kind=args.kind,
            summary=args.summary[:200],
            date_deadline=due,
        )

    def _tool_propose_call_note(self, turn, args) -> dict:
        return self._propose(turn, args, kind="call", body=args.note[:5000])

    def _tool_propose_draft(self, turn, args) -> dict:
        return self._propose(
            turn, args, kind="draft", summary=args.subject[:200], body=args.body[:10000]
        )

    def _propose(self, turn, args, **values) -> dict:
        """Write a card; nothing of the record is touched."""
        record = self._get_by_handle(args.record)
        record.check_access("write")
        if len(turn.sudo().proposal_ids) >= MAX_PROPOSALS:
            raise UserError(self.env._("Too many proposals for one question."))
        # sudo: cards are written by the suite only
        self.env["crm.ai.assistant.proposal"].sudo().create(
            {
                "turn_id": turn.id,
                "user_id": self.env.uid,
                "res_model": record._name,
                "res_id": record.id,
                **values,
            }
        )
        return {
            "ref": self._handle(record),
            "proposed": True,
            "note": self.env._("A card is shown; nothing is done before the click."),
        }
