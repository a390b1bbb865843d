from odoo import fields, models

SHOWN_IN_MAIL = 20


class CrmPayoutDrift(models.Model):
    """Telling a person: one task and one mail for what is new."""

    _inherit = "crm.payout.drift"

    def _tell_accountant(self, connection):
        """One mail and one task name all that is new; nothing is told twice."""
        fresh = self.filtered(lambda drift: drift.state == "open" and not drift.told_at)
        if not fresh:
            return
        fresh.told_at = fields.Datetime.now()
        user = connection._get_payout_user()
        connection._schedule_drift_activity(user)
        template = self.env.ref(
            "crm_billing.mail_template_payout_drift", raise_if_not_found=False
        )
        is_quiet = self.env.context.get("crm_payout_no_mail")
        if template and user.email and not is_quiet:
            template.with_context(
                drifts=fresh[:SHOWN_IN_MAIL], drift_count=len(fresh), lang=user.lang
            ).send_mail(
                connection.id,
                email_values={
                    "email_to": user.email_formatted,
                    "recipient_ids": [],
                },
            )

    def _close_activity(self):
        """The task goes when no difference of its account is open any more."""
        for connection in self.connection_id:
            domain = [("connection_id", "=", connection.id), ("state", "=", "open")]
            if not self.search_count(domain, limit=1):
                connection._find_drift_activity().action_feedback(
                    feedback=self.env._("All differences are resolved or accepted.")
                )
