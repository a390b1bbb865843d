from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class CrmMeetingSummary(models.Model):
    """Its owner reads a summary, and whoever may read its opportunity.

    The administrator of the suite reads all those of his companies.
    """

    _inherit = "crm.meeting.summary"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not self or self.env.su or self._reads_every_summary():
            return result
        allowed = self - result[0] if result else self
        hidden = allowed - allowed._filter_shared(operation)
        if not hidden:
            return result
        forbidden = result[0] + hidden if result else hidden
        return forbidden, lambda: forbidden._make_access_error()

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (bypass_access or self.env.su or self._reads_every_summary()):
            domain = Domain(domain) & self._get_shared_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _reads_every_summary(self):
        return self.env.user.has_group("crm_base.crm_base_group_admin")

    def _filter_shared(self, operation):
        """Return those the user may use: his own, and by the right on the deal.

        A new summary has no owner or deal yet: whoever creates may create it.
        """
        on_deal = "read" if operation == "read" else "write"
        # sudo: only to know whose and of which deal they are
        pairs = [(summary, summary.sudo()) for summary in self]
        leads = self.env["crm.lead"].browse(
            {sudoed.lead_id.id for _summary, sudoed in pairs} - {False}
        )
        shared = leads.exists()._filtered_access(on_deal)
        kept = [
            summary.id
            for summary, sudoed in pairs
            if sudoed.user_id == self.env.user or sudoed.lead_id.id in shared.ids
        ]
        return self.browse(kept)

    def _get_shared_domain(self):
        """Return the same as `_filter_shared`, for the database."""
        own = Domain("user_id", "=", self.env.uid)
        leads = self.env["crm.lead"]
        if not leads.has_access("read"):
            return own
        readable = leads.with_context(active_test=False)._search([])
        return own | Domain("lead_id", "in", readable)

    def _make_access_error(self):
        return AccessError(
            self.env._(
                "You may not open these meeting summaries: their opportunities are not"
                " shared with you."
            )
        )
