from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class CrmMeetingChild(models.AbstractModel):
    """A row of a meeting summary: whoever may use the one may use the other."""

    _name = "crm.meeting.child"
    _description = "Row of a Meeting Summary"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not self or self.env.su:
            return result
        allowed = self - result[0] if result else self
        on_summary = "read" if operation == "read" else "write"
        # sudo: only to know which summary to ask about
        summaries = allowed.sudo().summary_id.sudo(False)
        shared = summaries._filtered_access(on_summary)
        hidden = allowed.filtered(
            lambda row: row.sudo().summary_id.id not in shared.ids
        )
        if not hidden:
            return result
        forbidden = result[0] + hidden if result else hidden
        return forbidden, lambda: forbidden._make_access_error()

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (bypass_access or self.env.su):
            summaries = self.env["crm.meeting.summary"]._search([])
            domain = Domain(domain) & Domain("summary_id", "in", summaries)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _make_access_error(self):
        return AccessError(
            self.env._("You may not open these rows: their meeting is not shared.")
        )
