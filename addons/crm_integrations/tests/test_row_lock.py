from contextlib import closing

from psycopg2 import errors

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..row_lock import jobs_come_back, take_rows, try_take_rows

LOCK = "SELECT id FROM res_country WHERE id = %s FOR UPDATE"
TOUCH = "UPDATE res_country SET phone_code = phone_code WHERE id = %s"


@tagged("post_install", "-at_install")
class TestRowLock(TransactionCase):
    """Two transactions that meet on a row: the log stays quiet, nobody waits."""

    def setUp(self):
        super().setUp()
        self.row = self.env.ref("base.fr")

    def other(self):
        return closing(db_connect(self.env.cr.dbname).cursor())

    def test_a_row_another_transaction_holds_is_refused_at_once(self):
        with self.other() as cr, self.assertNoLogs("odoo.sql_db", "ERROR"):
            cr.execute(LOCK, [self.row.id])
            self.assertFalse(try_take_rows(self.row))
            with (
                self.assertRaises(RetryableJobError) as caught,
                jobs_come_back(7),
                self.env.cr.savepoint(),
            ):
                take_rows(self.row)
            self.assertEqual(caught.exception.seconds, 7)
            self.assertTrue(caught.exception.ignore_retry)
        self.assertTrue(try_take_rows(self.row))

    def test_a_row_changed_since_we_began_is_refused(self):
        with self.other() as cr, self.assertNoLogs("odoo.sql_db", "ERROR"):
            self.env.cr.execute("SELECT 1")
            cr.execute(TOUCH, [self.row.id])
            cr.commit()  # pylint: disable=invalid-commit
            with (
                self.assertRaises(errors.SerializationFailure),
                self.env.cr.savepoint(),
            ):
                take_rows(self.row)
            self.assertFalse(try_take_rows(self.row))
            self.assertTrue(try_take_rows(self.env.ref("base.be")))

    def test_rows_we_hold_may_still_be_referred_to(self):
        # The other tests share our transaction and its snapshot.
        rows = self.env.ref("base.es") + self.env.ref("base.it")
        self.assertTrue(try_take_rows(rows))
        self.assertTrue(try_take_rows(rows.browse()))
        with self.other() as cr:
            cr.execute(
                "SELECT 1 FROM res_country WHERE id = %s FOR KEY SHARE NOWAIT",
                rows[:1].ids,
            )
            self.assertTrue(cr.fetchone())
