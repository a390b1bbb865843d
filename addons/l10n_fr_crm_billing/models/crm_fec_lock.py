from odoo import api, fields, models
from odoo.tools import SQL

LOCK_FIELDS = ("fiscalyear_lock_date", "hard_lock_date")


class CrmFecLock(models.Model):
    """The day on which entries up to a date became final.

    Odoo keeps the lock date, not the day it was set: that day is the ValidDate of
    the accounting file. A lock that is lifted no longer counts.
    """

    _name = "crm.fec.lock"
    _description = "Day of an Accounting Lock"
    _order = "lock_date, effective_on"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    lock_date = fields.Date(string="Entries up to", required=True, readonly=True)
    effective_on = fields.Date(string="Final on", required=True, readonly=True)
    date_revoked = fields.Date(string="Lifted on", readonly=True)

    def init(self):
        """Locks set before this addon: the day that the chatter tells, if it does.

        Otherwise the end of the locked period, the earliest day that can be true.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_fec_lock (company_id, lock_date, effective_on)
                SELECT company.id, company.day, GREATEST(company.day, (
                    SELECT MAX(message.date)::date
                      FROM mail_message message
                      JOIN mail_tracking_value value
                        ON value.mail_message_id = message.id
                      JOIN ir_model_fields field ON field.id = value.field_id
                     WHERE message.model = 'res.company'
                       AND message.res_id = company.id
                       AND field.name = ANY(%(fields)s)
                ))
                  FROM (
                    SELECT id, GREATEST(fiscalyear_lock_date, hard_lock_date) AS day
                      FROM res_company
                  ) company
                 WHERE company.day IS NOT NULL
                   AND NOT EXISTS (
                        SELECT FROM crm_fec_lock old WHERE old.company_id = company.id
                   )
                """,
                fields=list(LOCK_FIELDS),
            )
        )

    @api.model
    def _follow(self, company, before, after):
        """Write down that the lock date of a company moved.

        :param before: last locked day before the change, or False
        """
        today = self.env.context.get("fec_effective_on") or fields.Date.context_today(
            self.with_context(tz=company.partner_id.tz or "Europe/Paris")
        )
        if before and (not after or after < before):
            lifted = self.search(
                [
                    ("company_id", "=", company.id),
                    ("lock_date", ">", after or fields.Date.from_string("1900-01-01")),
                    ("date_revoked", "=", False),
                ]
            )
            lifted.date_revoked = today
        elif after and after != before:
            self.create(
                {"company_id": company.id, "lock_date": after, "effective_on": today}
            )
