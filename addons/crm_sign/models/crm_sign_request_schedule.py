from odoo import fields, models

from ..lib import reminder


class CrmSignRequest(models.Model):
    """What happens by itself: reminders, the last day, the nightly check."""

    _inherit = "crm.sign.request"

    def _plan_reminder(self):
        """Note when to remind next."""

    def _remind(self, actor="system"):
        """Remind the signers whose turn it is."""

    def _cron_remind(self):
        """Send the reminders that are due."""

    def _cron_expire(self):
        """End the requests whose last day is over."""

    def _cron_verify(self):
        """Check the evidence of all requests, the longest unchecked first."""
