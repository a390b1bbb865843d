from odoo import models

from .crm_fec_lock import LOCK_FIELDS


class ResCompany(models.Model):
    """The day on which the accounts are locked is kept for the accounting file."""

    _inherit = "res.company"

    def write(self, vals):
        if not any(name in vals for name in LOCK_FIELDS):
            return super().write(vals)
        before = {company: company._get_fec_lock_day() for company in self}
        result = super().write(vals)
        # The history is the system's: whoever may lock need not read it.
        locks_sudo = self.env["crm.fec.lock"].sudo()
        for company in self:
            locks_sudo._follow(company, before[company], company._get_fec_lock_day())
        return result

    def _get_fec_lock_day(self):
        """Return the last day on which entries are final, or False."""
        days = [self[name] for name in LOCK_FIELDS if self[name]]
        return max(days, default=False)

    def _get_fec_siren(self):
        """Return the SIREN under which the file is handed over, or an empty text."""
        return self._get_siren() or self.root_id._get_siren() or ""
