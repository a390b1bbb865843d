import logging
import time

from odoo import models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.crm_base.lib.errors import ClientError

from ..exceptions import IgnoreExchange
from ..lib import exchange as rules
from .crm_exchange_queue import IDLE_SECONDS, News

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50


class CrmExchangeProcessor(models.AbstractModel):
    """Works through the incoming queue of one connection, in any order.

    One transaction per event: its row is locked, its state read again after the
    lock, the provider's work and the new state are committed together. An event
    therefore has its effects exactly once, whatever dies or runs twice.
    """

    _name = "crm.exchange.processor"
    _inherit = "crm.exchange.queue"
    _description = "Processor of Exchanges"

    def _run(self, connection) -> bool:
        """Process what is due.

        :return: False when time ran out and a further job must go on
        """
        started, news = time.monotonic(), News(connection.id)
        is_empty = False
        while not is_empty and not self._must_give_way(started):
            with self._transaction() as model:
                ids = model._find_due(connection.id, rules.INCOMING, BATCH_SIZE)
            if not self._process_batch(ids, started, news):
                is_empty = self._queue_is_empty(connection.id, rules.INCOMING)
                if not is_empty:
                    time.sleep(IDLE_SECONDS)
        self._tell(news, last=True)
        return is_empty

    def _process_batch(self, ids: list[int], started: float, news: News) -> int:
        """Process some events; return how many were really worked on."""
        worked = 0
        for exchange_id in ids:
            if worked and self._must_give_way(started):
                break
            if self._process(exchange_id):
                worked += 1
                news.ids.append(exchange_id)
                self._tell(news)
        return worked

    def _process(self, exchange_id: int) -> bool:
        """Process one event; False when somebody else holds or has closed it."""
        try:
            return self._in_transaction(type(self)._process_one, exchange_id)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            trouble = rules.Trouble("busy", "The database was busy.")
            self._in_transaction(type(self)._postpone_one, exchange_id, trouble)
            return True

    def _process_one(self, exchange_id: int) -> bool:
        exchange = self.env["crm.exchange"].browse(exchange_id)
        if not exchange._lock() or exchange.state != rules.PENDING:
            return False
        started = time.monotonic()
        trouble, reason = self._handle(exchange)
        duration_ms = round((time.monotonic() - started) * 1000)
        exchange.write(
            {
                "attempt_count": exchange.attempt_count + 1,
                "duration_ms": duration_ms,
            }
        )
        exchange._add_attempt(trouble, duration_ms=duration_ms)
        if trouble:
            exchange._record_trouble(trouble)
        elif reason is not None:
            exchange._finish("ignore", code="not_concerned", cause=reason)
        else:
            exchange._finish("succeed")
        return True

    def _handle(self, exchange):
        """Let the provider work; what it wrote is undone unless it succeeds.

        :return: (trouble or None, reason to ignore or None)
        """
        try:
            exchange._check_body()
            with self.env.cr.savepoint():
                exchange.connection_id._call_provider("_process_incoming", exchange)
            return None, None
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except IgnoreExchange as error:
            return None, error.reason
        except ClientError as error:
            return rules.describe_error(error), None
        except UserError as error:
            return rules.Trouble("business", str(error)), None
        except Exception as error:
            _logger.exception("exchange %s: processing failed", exchange.id)
            message = f"{type(error).__name__}: {error}"
            return rules.Trouble("internal", message), None

    def _postpone_one(self, exchange_id: int, trouble):
        exchange = self.env["crm.exchange"].browse(exchange_id)
        if exchange._lock() and exchange.state == rules.PENDING:
            exchange.attempt_count += 1
            exchange._add_attempt(trouble)
            exchange._record_trouble(trouble)
