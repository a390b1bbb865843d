"""Taking rows quietly, for transactions that others may meet on the same rows.

The ORM's own locks log an error when the row was changed after our transaction had
begun. Two jobs that meet are no error: the later one runs again on fresh rows.
"""

from contextlib import contextmanager

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

RETRY_SECONDS = 5


def take_rows(records):
    """Lock rows until the end of the transaction; others may still refer to them.

    What our cache holds of them is then what the database holds.

    :return: the records that are still there
    :raises psycopg2.OperationalError: another transaction holds a row, or changed it
        since ours began; jobs, exchanges and requests are then run again
    """
    ids = [id_ for id_ in records.ids if id_]
    if not ids:
        return records.browse()
    query = SQL(
        "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE NOWAIT",
        SQL.identifier(records._table),
        ids,
    )
    records.flush_recordset()
    records.env.cr.execute(query, log_exceptions=False)
    return records.browse(id_ for (id_,) in records.env.cr.fetchall())


def try_take_rows(records) -> bool:
    """Like `take_rows`; False instead of an error, the transaction goes on."""
    try:
        with records.env.cr.savepoint():
            take_rows(records)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        return False
    return True


@contextmanager
def jobs_come_back(seconds: int = RETRY_SECONDS):
    """Have a job come back soon when it meets another one on its rows."""
    try:
        yield
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
        raise RetryableJobError(
            "another job works on the same rows", seconds=seconds, ignore_retry=True
        ) from error
