from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import split_every

# Hours before a refused mail is tried again; then a person takes over.
RETRY_HOURS = (1, 4, 24)
# No use trying again: the address itself is wrong.
FINAL_FAILURES = ("mail_email_invalid", "mail_email_missing", "mail_bounce")
# A bounce comes within days of the mail.
BOUNCE_DAYS = 14
SLICE_MESSAGES = 200


class CrmDunningMessage(models.Model):
    """What becomes of messages after they were queued."""

    _inherit = "crm.dunning.message"

    @api.model
    def _cron_follow(self):
        """Settle mails that left, try refused ones again, hear bounces."""
        now = fields.Datetime.now()
        since = now - timedelta(days=BOUNCE_DAYS)
        channels = self._get_followed_channels()
        left = self.search([("state", "=", "queued"), ("channel", "in", channels)])
        self._in_slices(left, "_settle")
        again = self.search([("state", "=", "retry"), ("next_try_at", "<=", now)])
        self._in_slices(again, "_requeue")
        notifications = self.env["mail.notification"].search(
            [
                ("notification_status", "=", "bounce"),
                ("mail_message_id.date", ">=", since),
                ("mail_message_id.model", "=", "res.partner"),
            ]
        )
        bounced = self.search(
            [
                ("state", "=", "sent"),
                ("mail_message_id", "in", notifications.mail_message_id.ids),
            ]
        )
        self._in_slices(bounced, "_settle")

    def _get_followed_channels(self):
        """Channels whose messages leave by themselves."""
        return ["mail"]

    def _in_slices(self, messages, method):
        cron = self.env["ir.cron"]
        for ids in split_every(SLICE_MESSAGES, messages.ids):
            # Another server may be following the same ones.
            slice_messages = self.browse(ids).exists().try_lock_for_update()
            getattr(slice_messages, method)()
            cron._commit_progress(len(ids))

    # === What became of the mail === #

    def _settle(self):
        """Read what became of the mails: left, refused, bounced or lost."""
        results = {
            row["mail_message_id"]: row
            for row in self.env["mail.notification"].search_read(
                [("mail_message_id", "in", self.mail_message_id.ids)],
                [
                    "mail_message_id",
                    "notification_status",
                    "failure_type",
                    "failure_reason",
                ],
                load=None,
            )
        }
        left = self.browse()
        for message in self:
            row = results.get(message.mail_message_id.id, {})
            status = row.get("notification_status", "canceled")
            if message.mail_id.state == "cancel":
                status = "canceled"
            if status == "sent":
                left |= message
            elif status not in ("ready", "process", "pending"):
                message._refuse(row, status)
        left.filtered(lambda m: m.state == "queued")._mark_sent()

    def _mark_sent(self):
        """The message left: only now its step counts as made."""
        if not self:
            return
        self.write(
            {
                "state": "sent",
                "sent_at": fields.Datetime.now(),
                "failure": False,
                "next_try_at": False,
            }
        )
        self.activity_ids.filtered("automated").action_feedback()
        self._log_on_documents()

    def _refuse(self, row, status):
        """The mail did not leave: try again later, or give it to a person."""
        self.ensure_one()
        cause = row.get("failure_reason") or self._get_failure_label(row, status)
        values = {"failure": " ".join(cause.split())[:250], "tries": self.tries + 1}
        if self.channel == "letter":
            # The letter itself is posted by a person; only its copy was refused.
            self.write(values)
            return
        if self._is_refusal_final(row, status) or self.tries >= len(RETRY_HOURS):
            self.write({**values, "state": "failed", "next_try_at": False})
            self._schedule_tasks()
            self._log_on_documents()
            return
        pause = timedelta(hours=RETRY_HOURS[self.tries])
        values["next_try_at"] = fields.Datetime.now() + pause
        self.write({**values, "state": "retry"})

    def _is_refusal_final(self, row, status):
        """Tell whether trying again cannot help."""
        return status != "exception" or row.get("failure_type") in FINAL_FAILURES

    def _get_failure_label(self, row, status):
        kinds = self.env["mail.notification"]._fields["failure_type"]
        labels = dict(kinds._description_selection(self.env))
        if status == "canceled":
            return self.env._("The mail was canceled or deleted before it left.")
        return labels.get(row.get("failure_type")) or self.env._("Unknown cause")

    def _requeue(self):
        """Put refused mails back in the queue, unless the debt changed meanwhile."""
        stale = self._find_stale()
        stale._withdraw(self.env._("The debt changed before the mail left."))
        again = self - stale
        lost = again.filtered(lambda m: not m.mail_id)
        lost._queue_mails(lost._get_invoice_attachments())
        kept = again - lost
        kept.mail_id.write({"state": "outgoing", "failure_reason": False})
        for message in again:
            message.mail_address = message.recipient_id.email
        again.activity_ids.filtered("automated").unlink()
        again.write({"state": "queued", "next_try_at": False})

    # === Still true? === #

    def _find_stale(self):
        """Return messages whose documents changed since they were written.

        Paid, credited, reset to draft, contested, paused: the next run decides anew.
        """
        engine = self.env["crm.dunning.engine"].sudo()
        lines = self.sudo().line_ids
        moves = lines.move_id
        dues = engine._get_dues(moves)
        blocks = moves._get_dunning_blocks()
        stale = self.browse()
        for message in self:
            today = message.company_id._get_dunning_today()
            for line in message.sudo().line_ids:
                due = dues.get((line.move_id.id, line.instalment_id.id or 0, line.term))
                same = due and not line.currency_id.compare_amounts(
                    due.residual, line.amount_residual
                )
                held = any(b.holds(today) for b in blocks.get(line.move_id.id, ()))
                if not same or held or line.move_id.state != "posted":
                    stale |= message
        return stale

    def _withdraw(self, why):
        """Take messages back before they leave; their steps are free again."""
        if not self:
            return
        self.mail_id.filtered(lambda mail: mail.state != "sent").cancel()
        self.activity_ids.filtered("automated").unlink()
        self.write({"state": "cancelled", "failure": why, "next_try_at": False})
        self._log_on_documents()
