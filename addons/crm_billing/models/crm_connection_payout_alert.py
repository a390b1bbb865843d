from odoo import models


class CrmConnection(models.Model):
    """The task about differences with Stripe: one per account."""

    _inherit = "crm.connection"

    def _find_drift_activity(self):
        kind = self.env.ref(
            "crm_billing.mail_activity_type_payout_drift", raise_if_not_found=False
        )
        return self.activity_ids.filtered(lambda x: kind and x.activity_type_id == kind)

    def _schedule_drift_activity(self, user):
        kind = self.env.ref(
            "crm_billing.mail_activity_type_payout_drift", raise_if_not_found=False
        )
        if not kind or self._find_drift_activity():
            return
        # The template is the mail: no second one for the task.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type_id=kind.id,
            summary=self.env._("Stripe and the books differ"),
            note=self.env._("Open Invoicing, Collection, Differences with Stripe."),
            user_id=user.id,
        )
