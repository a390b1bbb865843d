import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

MAX_TRIES = 6


class CrmJobTransaction(models.AbstractModel):
    """Short transactions inside a job, so that no call to a partner holds one open."""

    _name = "crm.job.transaction"
    _description = "Transactions of a Job"

    @contextmanager
    def _transaction(self):
        """A short transaction of its own, as the system user.

        Company, language and time zone are those of the connection at work.
        """
        with self.env.registry.cursor() as cr:
            locale = self.env.context.get("crm_exchange_locale", {})
            context = {"crm_exchange_quiet": True, **locale}
            yield self.env(cr=cr, user=SUPERUSER_ID, context=context)[self._name]

    def _in_transaction(self, work, *args):
        """Run `work(model, *args)` in its own transaction; repeat on conflicts."""
        for tries_left in reversed(range(MAX_TRIES)):
            try:
                with self._transaction() as model:
                    return work(model, *args)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if not tries_left:
                    raise
                time.sleep(0.02 * 2 ** (MAX_TRIES - tries_left))

    def _lock_row(self, record):
        """Wait for the row, then read it afresh; call it first in a transaction."""
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id = %s FOR NO KEY UPDATE",
                SQL.identifier(record._table),
                record.id,
            )
        )
        return record.browse(row[0] for row in self.env.cr.fetchall())
