from odoo import api, fields, models

from ..lib.late_interest import LateInterest


class LateInterestReport(models.AbstractModel):
    """The calculation of late interest on paper, segment by segment."""

    _name = "report.crm_billing.report_late_interest"
    _description = "Calculation of Late Interest"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what is claimed (`late_by_id`), else all that is owed today."""
        moves = self.env["account.move"].browse(docids)
        moves.check_access("read")
        today = fields.Date.context_today(self)
        # The route hands over what a browser sends: only our own objects count.
        given = {
            move_id: late
            for move_id, late in ((data or {}).get("late_by_id") or {}).items()
            if isinstance(late, LateInterest)
        }
        return {
            "docs": moves,
            "until": today,
            "late_by_id": {
                move.id: given.get(move.id)
                or move._get_late_interest(today, whole=True)
                for move in moves
            },
        }
