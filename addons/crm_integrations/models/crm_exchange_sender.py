import logging
import time
import uuid
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.crm_base.lib.errors import ClientError

from ..exceptions import IgnoreExchange
from ..lib import exchange as rules
from .crm_exchange_queue import IDLE_SECONDS, News

_logger = logging.getLogger(__name__)

DEFAULT_LEASE_SECONDS = 120


@dataclass(frozen=True)
class Flight:
    """A claimed exchange: what the sender knows of it outside any transaction."""

    exchange_id: int
    token: str


@dataclass(frozen=True)
class Landing:
    """The end of a flight: a result or a trouble, never both."""

    result: rules.CallResult | None
    trouble: rules.Trouble | None
    duration_ms: int


def run_call(call) -> Landing:
    """Run a prepared call in a thread: no cursor, no environment, no exception."""
    started = time.monotonic()
    result = trouble = None
    try:
        result = call()
    except ClientError as error:
        trouble = rules.describe_error(error)
    except Exception as error:
        _logger.exception("unexpected error while calling a partner")
        trouble = rules.Trouble("internal", f"{type(error).__name__}: {error}")
    return Landing(result, trouble, round((time.monotonic() - started) * 1000))


class CrmExchangeSender(models.AbstractModel):
    """Empties the outgoing queue of one connection.

    Each exchange goes through three short transactions (claim, prepare, record)
    with the call between the last two, in a thread and outside any transaction.
    A killed server leaves claimed rows behind: their lease ends and they are sent
    again with the same idempotency key.
    """

    _name = "crm.exchange.sender"
    _inherit = "crm.exchange.queue"
    _description = "Sender of Exchanges"

    def _run(self, connection) -> bool:
        """Send what is due.

        :return: False when time ran out and a further job must go on
        """
        lane = max(1, connection.max_parallel)
        started, news = time.monotonic(), News(connection.id)
        flights = {}
        is_empty = False
        with ThreadPoolExecutor(lane, thread_name_prefix="crm_exchange") as pool:
            while not is_empty:
                give_way = self._must_give_way(started)
                room = 0 if give_way else lane - len(flights)
                claimed = self._claim(connection.id, room) if room else []
                for flight in claimed:
                    if call := self._prepare(flight):
                        flights[pool.submit(run_call, call)] = flight
                if flights:
                    self._land(flights, news)
                elif give_way:
                    break
                elif not claimed:
                    is_empty = self._queue_is_empty(connection.id, rules.OUTGOING)
                    if not is_empty:
                        time.sleep(IDLE_SECONDS)
        self._tell(news, last=True)
        return is_empty

    def _land(self, flights: dict, news: News):
        """Wait for the next answers and record them."""
        landed, _still_flying = wait(flights, return_when=FIRST_COMPLETED)
        for future in landed:
            flight = flights.pop(future)
            self._record(flight, future.result())
            news.ids.append(flight.exchange_id)
        self._tell(news)

    # === Claim === #

    def _claim(self, connection_id: int, limit: int) -> list[Flight]:
        token = uuid.uuid4().hex
        ids = self._in_transaction(type(self)._claim_rows, connection_id, limit, token)
        return [Flight(exchange_id, token) for exchange_id in ids]

    def _claim_rows(self, connection_id: int, limit: int, token: str) -> list[int]:
        """Lease due rows to this sender; a lease that ran out is noted as such."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                WITH due AS (
                    SELECT e.id, e.lease_until AS lost %s
                    ORDER BY e.next_attempt_at, e.id LIMIT %s
                    FOR UPDATE OF e SKIP LOCKED
                ), claimed AS (
                    UPDATE crm_exchange e
                       SET lease_until = %s, lease_token = %s, sent_at = %s,
                           attempt_count = COALESCE(e.attempt_count, 0) + 1
                      FROM due WHERE due.id = e.id
                ), noted AS (
                    INSERT INTO crm_exchange_attempt (exchange_id, at, cause_code)
                    SELECT id, %s, 'interrupted' FROM due WHERE lost IS NOT NULL
                )
                SELECT id FROM due
                """,
                self._sql_due(connection_id, rules.OUTGOING),
                limit,
                rules.lease_end(now, self._get_lease_seconds()),
                token,
                now,
                now,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _get_lease_seconds(self) -> int:
        get = self.env["ir.config_parameter"].get_param
        value = get("crm_integrations.lease_seconds", "")
        return int(value) if value.isdigit() else DEFAULT_LEASE_SECONDS

    # === Prepare === #

    def _prepare(self, flight: Flight):
        """Return the call to make, None when it could not be prepared."""
        try:
            return self._in_transaction(type(self)._prepare_call, flight)
        except ClientError as error:
            trouble = rules.describe_error(error)
        except UserError as error:
            trouble = rules.Trouble("business", str(error))
        except Exception as error:
            _logger.exception("exchange %s: preparation failed", flight.exchange_id)
            trouble = rules.Trouble("internal", f"{type(error).__name__}: {error}")
        self._record(flight, Landing(None, trouble, 0))
        return None

    def _prepare_call(self, flight: Flight):
        exchange = self.env["crm.exchange"].browse(flight.exchange_id)
        exchange._check_body()
        return exchange.connection_id._call_provider("_prepare_call", exchange)

    # === Record === #

    def _record(self, flight: Flight, landing: Landing):
        """Write the outcome in a transaction of its own."""
        try:
            self._in_transaction(type(self)._record_landing, flight, landing)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Nothing lost: the lease ends, the same key is sent again.
            _logger.info("exchange %s: too many conflicts", flight.exchange_id)

    def _record_landing(self, flight: Flight, landing: Landing):
        exchange = self._lock_row(self.env["crm.exchange"].browse(flight.exchange_id))
        if not exchange:
            return
        result = landing.result
        duration_ms = (result and result.duration_ms) or landing.duration_ms
        trouble = landing.trouble
        applies = rules.result_applies(
            exchange.state, exchange.lease_token or "", flight.token, result is not None
        )
        if applies and result is not None:
            trouble = self._apply(exchange, result)
        exchange._add_attempt(
            trouble, status=result and result.status, duration_ms=duration_ms
        )
        if not applies:
            return
        exchange.duration_ms = duration_ms
        if trouble is None:
            remote_id = result.remote_id or exchange.remote_id
            exchange._finish("succeed", remote_id=remote_id)
            exchange.connection_id._set_ok()
        elif exchange.state == rules.PENDING:
            exchange._record_trouble(trouble)

    def _apply(self, exchange, result) -> rules.Trouble | None:
        """Let the provider write the answer; what it wrote is undone on trouble."""
        try:
            with self.env.cr.savepoint():
                exchange.connection_id._call_provider("_apply_result", exchange, result)
                return None
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except ClientError as error:
            return rules.describe_error(error)
        except (UserError, IgnoreExchange) as error:
            return rules.Trouble("business", str(error), result.status)
        except Exception as error:
            _logger.exception("exchange %s: answer not applied", exchange.id)
            message = f"{type(error).__name__}: {error}"
            return rules.Trouble("internal", message, result.status)
