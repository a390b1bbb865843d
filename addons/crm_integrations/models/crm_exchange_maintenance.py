from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib import exchange as rules

REDRIVE_LIMIT = 200
PURGE_LIMIT = 2000


class CrmExchangeMaintenance(models.AbstractModel):
    """Finds what jobs have lost, forgets what is old."""

    _name = "crm.exchange.maintenance"
    _inherit = "crm.exchange.queue"
    _description = "Maintenance of Exchanges"

    # === Re-drive === #

    @api.model
    def _cron_redrive(self):
        """Wake a job for every queue that has due rows and no job waiting for it.

        Covers a job table that was emptied, a job that failed, a lease whose
        sender died, and the return of a connection that rested.
        """
        queues = self._find_stale_queues(REDRIVE_LIMIT + 1)
        remaining = len(queues)
        for connection_id, direction in queues[:REDRIVE_LIMIT]:
            self._ensure_job(connection_id, direction)
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    def _find_stale_queues(self, limit: int) -> list[tuple[int, str]]:
        now = fields.Datetime.now()
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT e.connection_id, e.direction
                  FROM crm_exchange e
                  JOIN crm_connection c ON c.id = e.connection_id
                 WHERE e.state = 'pending' AND e.next_attempt_at <= %(now)s
                   AND (e.lease_until IS NULL OR e.lease_until <= %(now)s)
                   AND ((e.direction = 'in' AND %(open_in)s)
                     OR (e.direction = 'out' AND %(open_out)s))
                   AND NOT EXISTS (
                        SELECT 1 FROM queue_job j
                         WHERE j.identity_key = concat(
                            'crm_exchange:', e.direction, ':', e.connection_id)
                           AND j.state IN ('pending', 'enqueued'))
                 LIMIT %(limit)s
                """,
                now=now,
                open_in=self._sql_open(rules.INCOMING, now),
                open_out=self._sql_open(rules.OUTGOING, now),
                limit=limit,
            )
        )

    # === Retention === #

    @api.model
    def _cron_purge(self):
        """Empty old bodies, then delete old rows, in batches."""
        for domain, forget in self._get_purges():
            exchanges = self.env["crm.exchange"]
            remaining = exchanges.search_count(domain)
            while batch := exchanges.search(domain, order="id", limit=PURGE_LIMIT):
                forget(batch)
                remaining = max(0, remaining - len(batch))
                left = self.env["ir.cron"]._commit_progress(
                    len(batch), remaining=remaining
                )
                if not left:
                    return

    def _get_purges(self):
        """Return (domain, function) pairs; a pending exchange is never touched."""
        purges = []
        now = fields.Datetime.now()
        for domain, retention in self._get_retentions():
            limits = rules.retention_limits(retention, now)
            closed = domain & Domain("state", "in", ("done", "ignored"))
            failed = domain & Domain("state", "=", "failed")
            purges += [
                (closed & _before(limits.rows_before), _delete),
                (failed & _before(limits.failed_before), _delete),
                (
                    closed
                    & _before(limits.bodies_before)
                    & Domain("is_purged", "!=", True),
                    _empty,
                ),
            ]
        return purges

    def _get_retentions(self):
        """Return (domain, retention) of each company, then of its exceptions."""
        own = self.env["crm.connection"].with_context(active_test=False)
        own = own.search(["|", ("body_days", ">", 0), ("row_days", ">", 0)])
        pairs = []
        companies = self.env["crm.connection"].with_context(active_test=False)
        for company in companies.search([("id", "not in", own.ids)]).company_id:
            retention = company._get_exchange_retention()
            domain = Domain("company_id", "=", company.id)
            pairs.append(
                (domain & Domain("connection_id", "not in", own.ids), retention)
            )
        for connection in own:
            retention = connection.company_id._get_exchange_retention()
            pairs.append(
                (
                    Domain("connection_id", "=", connection.id),
                    rules.Retention(
                        body_days=connection.body_days or retention.body_days,
                        row_days=connection.row_days or retention.row_days,
                        failed_days=retention.failed_days,
                    ),
                )
            )
        return pairs


def _before(instant):
    return Domain("create_date", "<", instant) if instant else Domain.FALSE


def _delete(exchanges):
    exchanges.unlink()


def _empty(exchanges):
    exchanges.write({"body_plain": False, "body_secret": False, "is_purged": True})
