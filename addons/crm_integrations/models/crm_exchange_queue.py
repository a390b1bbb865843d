import logging
import time
from dataclasses import dataclass, field

from psycopg2 import OperationalError
from psycopg2.pool import PoolError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..lib import exchange as rules

_logger = logging.getLogger(__name__)

CHANNEL = "root.crm_exchange"
LONG_SLICE_SECONDS = 20
SHORT_SLICE_SECONDS = 3
# Between two looks at a queue where others are at work.
IDLE_SECONDS = 0.05
NEWS_SECONDS = 1.0
LIVE_JOB_STATES = ("pending", "enqueued")
# Same words as crm.connection._compute_is_paused.
SQL_PAUSED = SQL(
    "(c.state = 'error' AND c.error_code IS NOT DISTINCT FROM %s)", "authentication"
)
JOB_METHODS = {"out": "_job_send", "in": "_job_process"}


@dataclass
class News:
    """Exchanges that changed since screens were last told, and when to tell again."""

    connection_id: int
    ids: list[int] = field(default_factory=list)
    next_at: float = 0.0


class CrmExchangeQueue(models.AbstractModel):
    """The queue of exchanges in PostgreSQL and the jobs that empty it.

    One job per connection and direction empties the whole queue, so a thousand
    messages need one job, not a thousand. Three facts make that safe:

    - `run_*` advisory lock: one running job per connection and direction;
    - `wake_*` advisory lock: held (shared) by a transaction that is about to
      commit new rows, taken (alone) by the job for its last look; a row is thus
      either seen by that look or its writer sees that the job has started;
    - the writer asks a second, fresh transaction whether the waiting job it sees
      still waits: its own snapshot may be older than the start of that job.
    """

    _name = "crm.exchange.queue"
    _inherit = "crm.job.transaction"
    _description = "Queue of Exchanges"

    def _tell(self, news: News, last: bool = False):
        """Say now and then to open screens what a queue has done."""
        if news.ids and (last or time.monotonic() >= news.next_at):
            with self._transaction() as model:
                exchanges = model.env["crm.exchange"]
                exchanges._notify_supervisors([news.connection_id], news.ids)
            news.ids.clear()
            news.next_at = time.monotonic() + NEWS_SECONDS

    # === Waking a job up === #

    @api.model
    def _wake(self, connection_id: int, direction: str):
        """See to it that a job looks at the queue once this transaction is in.

        Works at commit time, once per transaction however many rows were written.
        """
        hooks = self.env.cr.precommit
        if "crm_integrations.wake" in hooks.data:
            hooks.data["crm_integrations.wake"].add((connection_id, direction))
            return
        hooks.data["crm_integrations.wake"] = {(connection_id, direction)}
        # sudo: the writer of an exchange may have no right on jobs
        model = self.env(user=SUPERUSER_ID, context={})[self._name]

        @hooks.add
        def ensure_jobs():
            wanted = hooks.data.pop("crm_integrations.wake", ())
            for wake_id, wake_direction in sorted(wanted):
                model._ensure_job(wake_id, wake_direction)

    def _ensure_job(self, connection_id: int, direction: str):
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock_shared(%s)",
                rules.advisory_key(f"wake_{direction}", connection_id),
            )
        )
        key = f"crm_exchange:{direction}:{connection_id}"
        seen_id = self._find_waiting_job(key)
        if seen_id:
            if self._job_still_waits(seen_id):
                return
            key = f"{key}:{seen_id}"
        self._delay(connection_id, direction, key)

    def _find_waiting_job(self, key: str):
        self.env.cr.execute(
            SQL(
                "SELECT id FROM queue_job WHERE identity_key = %s"
                " AND state IN %s ORDER BY id DESC LIMIT 1",
                key,
                LIVE_JOB_STATES,
            )
        )
        row = self.env.cr.fetchone()
        return row and row[0]

    def _job_still_waits(self, job_id: int) -> bool:
        """Ask a fresh transaction; a job it cannot see was written by this one."""
        try:
            with self.env.registry.cursor() as cr:
                cr.execute(SQL("SELECT state FROM queue_job WHERE id = %s", job_id))
                row = cr.fetchone()
        except (PoolError, OperationalError):
            _logger.info("no second connection free: adding a job to be safe")
            return False
        return row is None or row[0] in LIVE_JOB_STATES

    def _delay(self, connection_id: int, direction: str, key: str, eta=None):
        connection = self.env["crm.connection"].browse(connection_id)
        delayed = connection.with_delay(identity_key=key, eta=eta, max_retries=0)
        getattr(delayed, JOB_METHODS[direction])()

    def _delay_until(self, connection_id: int, direction: str, at):
        """Plan a later look, for a retry, an expired lease or a rested connection.

        Jobs for the same five seconds are one job.
        """
        slot = int(at.timestamp()) // 5
        key = f"crm_exchange:{direction}:{connection_id}:at:{slot}"
        self._delay(connection_id, direction, key, eta=at)

    # === Running alone === #

    def _take_turn(self, connection, direction: str) -> bool:
        """Become the only job of this connection and direction until commit."""
        self.env.cr.execute(
            SQL(
                "SELECT pg_try_advisory_xact_lock(%s)",
                rules.advisory_key(f"run_{direction}", connection.id),
            )
        )
        return self.env.cr.fetchone()[0]

    def _must_give_way(self, started: float) -> bool:
        """Tell whether this job has had its share of time.

        Long when it is alone, short when jobs of other connections wait.
        """
        spent = time.monotonic() - started
        if spent < SHORT_SLICE_SECONDS:
            return False
        if spent >= LONG_SLICE_SECONDS:
            return True
        with self._transaction() as model:
            return model._others_wait()

    def _others_wait(self) -> bool:
        """Tell whether a job of our channel waits for a place."""
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM queue_job WHERE channel = %s AND state = 'pending'"
                " AND (eta IS NULL OR eta <= %s) LIMIT 1",
                CHANNEL,
                fields.Datetime.now(),
            )
        )
        return bool(self.env.cr.fetchone())

    def _queue_is_empty(self, connection_id: int, direction: str) -> bool:
        """The last look of a job: nothing due, and nobody about to commit a row."""
        with self.env.registry.cursor() as guard:
            guard.execute(
                SQL(
                    "SELECT pg_try_advisory_xact_lock(%s)",
                    rules.advisory_key(f"wake_{direction}", connection_id),
                )
            )
            if not guard.fetchone()[0]:
                return False
            with self._transaction() as model:
                return not model._find_due(connection_id, direction, 1)

    def _plan_next_look(self, connection_id: int, direction: str):
        """Enqueue a job for the earliest row that is not due yet."""
        with self._transaction() as model:
            at = model._get_next_due(connection_id, direction)
            if at:
                model._delay_until(connection_id, direction, at)

    # === Reading the queue === #

    def _sql_due(self, connection_id: int, direction: str) -> SQL:
        """Rows that may be worked on now; an off or paused connection has none."""
        now = fields.Datetime.now()
        return SQL(
            """
            FROM crm_exchange e
            JOIN crm_connection c ON c.id = e.connection_id
            WHERE e.connection_id = %(connection)s
              AND e.direction = %(direction)s
              AND e.state = 'pending'
              AND e.next_attempt_at <= %(now)s
              AND (e.lease_until IS NULL OR e.lease_until <= %(now)s)
              AND %(open)s
            """,
            connection=connection_id,
            direction=direction,
            now=now,
            open=self._sql_open(direction, now),
        )

    def _sql_open(self, direction: str, now) -> SQL:
        if direction == rules.INCOMING:
            return SQL("c.active AND c.state != 'off'")
        return SQL(
            "c.active AND c.state != 'off' AND NOT %s"
            " AND (c.resume_at IS NULL OR c.resume_at <= %s)",
            SQL_PAUSED,
            now,
        )

    def _find_due(self, connection_id: int, direction: str, limit: int) -> list[int]:
        self.env.cr.execute(
            SQL(
                "SELECT e.id %s ORDER BY e.next_attempt_at, e.id LIMIT %s",
                self._sql_due(connection_id, direction),
                limit,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _get_next_due(self, connection_id: int, direction: str):
        """Return when the earliest pending row becomes due, None without any."""
        self.env.cr.execute(
            SQL(
                """
                SELECT GREATEST(
                    MIN(GREATEST(e.next_attempt_at, e.lease_until)),
                    MIN(CASE WHEN e.direction = 'out' THEN c.resume_at END))
                FROM crm_exchange e
                JOIN crm_connection c ON c.id = e.connection_id
                WHERE e.connection_id = %s AND e.direction = %s
                  AND e.state = 'pending' AND c.active AND c.state != 'off'
                  AND (e.direction = 'in' OR NOT %s)
                """,
                connection_id,
                direction,
                SQL_PAUSED,
            )
        )
        return self.env.cr.fetchone()[0]
