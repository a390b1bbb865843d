import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)
BATCH = 50


class CrmMeetingSummary(models.Model):
    """The words and the sound go after the days of the setting."""

    _inherit = "crm.meeting.summary"

    def _purge(self):
        """Delete words and sound; what was approved stays, with its figures."""
        # sudo: files and words are written by our code only
        for summary in self.sudo():
            self.env["ir.attachment"].sudo().search(
                [("res_model", "=", self._name), ("res_id", "=", summary.id)]
            ).unlink()
            summary.chunk_ids.unlink()
            summary.write({"transcript": False, "is_purged": True})

    @api.model
    def _cron_purge(self):
        """Purge what is due; what nobody approved until then is forgotten."""
        today = fields.Date.today()
        domain = [("purge_date", "<", today), ("is_purged", "=", False)]
        due = self.search(domain, limit=BATCH)
        for summary in due:
            summary._purge()
            if summary.state != "approved":
                summary.item_ids.unlink()
                summary._set_state("discarded")
        left = self.search_count(domain)
        if due:
            _logger.info("purged the words of %s meetings", len(due))
        self.env["ir.cron"]._commit_progress(len(due), remaining=left)
