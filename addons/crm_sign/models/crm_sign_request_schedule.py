import logging
from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ..lib import reminder
from ..lib.instants import aware, naive
from ..lib.states import OPEN_STATES

_logger = logging.getLogger(__name__)
BATCH = 50
VERIFY_BATCH = 100
# A service ends its own requests; we do it when it has not for so long.
SERVICE_GRACE = timedelta(days=2)


class CrmSignRequest(models.Model):
    """What happens by itself: reminders, the last day, the nightly check."""

    _inherit = "crm.sign.request"

    def _is_past(self):
        """Tell whether the last day for signing is over."""
        self.ensure_one()
        return reminder.is_expired(self.date_expiry or None, self._get_today())

    def _get_zone(self):
        return ZoneInfo(self.company_id.partner_id.tz or "Europe/Paris")

    # === Reminders === #

    def _plan_reminder(self):
        """Note when to remind next, as counted from now."""
        for request in self:
            plan = reminder.ReminderPlan(
                interval_days=request.reminder_interval_days,
                max_count=request.reminder_max,
                count=request.reminder_count,
                date_expiry=request.date_expiry or None,
            )
            now = aware(fields.Datetime.now()).astimezone(request._get_zone())
            request.next_reminder_at = naive(reminder.next_reminder(plan, now))

    def _remind(self, actor="system"):
        """Remind the signers whose turn it is, and plan the next time."""
        self.ensure_one()
        self._lock()
        signers = self._get_current_signers()
        if self.is_outdated or not signers:
            self.next_reminder_at = False
            return
        if self.connection_id:
            if self._provider_can("remind"):
                self._provider_call("_sign_remind", signers)
        else:
            for signer in signers:
                signer._deliver_link("reminder")
        for signer in signers:
            self._log_event("reminded", actor=actor, signer=signer)
        self.reminder_count += 1
        self._plan_reminder()

    @api.model
    def _cron_remind(self):
        """Send the reminders that are due, one transaction each."""
        domain = [
            ("state", "in", OPEN_STATES),
            ("next_reminder_at", "<=", fields.Datetime.now()),
        ]
        self._run_batch(domain, "next_reminder_at, id", lambda r: r._remind())

    # === The last day === #

    @api.model
    def _cron_expire(self):
        """End the requests whose last day is over, one transaction each."""
        # The day is judged in the zone of each company, hence one day of margin.
        today = fields.Date.today()
        domain = [
            ("state", "in", OPEN_STATES),
            ("date_expiry", "<=", today),
            "|",
            ("connection_id", "=", False),
            ("date_expiry", "<", today - SERVICE_GRACE),
        ]
        self._run_batch(domain, "date_expiry, id", lambda r: r._expire_if_past())

    def _expire_if_past(self):
        self.ensure_one()
        if not self._is_past():
            return
        if self.connection_id:
            self._provider_call("_sign_cancel", self._text_expired())
        self._expire()

    def _run_batch(self, domain, order, work):
        """Do some work on each request due; one that fails holds up no other."""
        requests = self.sudo().search(domain, order=order)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(requests))
        for request in requests:
            request = request.try_lock_for_update().filtered_domain(domain)
            if not request:
                cron._commit_progress(1)
                continue
            try:
                with self.env.cr.savepoint():
                    work(request.with_context(lang=request._get_lang()))
            # One bad record must not keep the others waiting for ever.
            except Exception:
                _logger.exception("Request %s was left aside", request.reference)
            if not cron._commit_progress(1):
                break

    def _get_lang(self):
        """Return the language in which we speak to the responsible."""
        return self.user_id.lang or self.company_id.partner_id.lang or "en_US"

    # === The nightly check === #

    @api.model
    def _cron_verify(self):
        """Check the evidence of all requests, the longest unchecked first."""
        cron = self.env["ir.cron"]
        day = fields.Datetime.now() - timedelta(hours=20)
        domain = [
            ("event_count", ">", 0),
            "|",
            ("chain_checked_at", "=", False),
            ("chain_checked_at", "<", day),
        ]
        requests = self.sudo().with_context(active_test=False)
        remaining = requests.search_count(domain)
        cron._commit_progress(remaining=remaining)
        while True:
            batch = requests.search(
                domain, order="chain_checked_at NULLS FIRST, id", limit=VERIFY_BATCH
            )
            if not batch:
                return
            batch._verify_chain()
            done = len(batch)
            batch.env.invalidate_all()
            if not cron._commit_progress(done):
                return
