import logging
import time

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_base.lib.errors import ClientError
from odoo.addons.crm_base.lib.redaction import redact_text

from ..lib import exchange as rules

_logger = logging.getLogger(__name__)


class CrmExchangeChecker(models.AbstractModel):
    """Runs the Test and the Dry run of a connection, outside any transaction."""

    _name = "crm.exchange.checker"
    _inherit = "crm.exchange.queue"
    _description = "Checker of Connections"

    def _run(self, connection, dry_run: bool):
        result = trouble = None
        started = time.monotonic()
        try:
            call = self._in_transaction(
                type(self)._prepare_check, connection.id, dry_run
            )
            result = call()
        except ClientError as error:
            trouble = rules.describe_error(error)
        except UserError as error:
            trouble = rules.Trouble("configuration", str(error))
        except Exception as error:
            _logger.exception("connection %s: check failed", connection.id)
            trouble = rules.Trouble("internal", f"{type(error).__name__}: {error}")
        duration_ms = round((time.monotonic() - started) * 1000)
        self._in_transaction(
            type(self)._record_check,
            connection.id,
            dry_run,
            result,
            trouble,
            duration_ms,
        )

    def _prepare_check(self, connection_id: int, dry_run: bool):
        connection = self.env["crm.connection"].browse(connection_id)
        return connection._call_provider("_prepare_check", dry_run)

    def _record_check(self, connection_id, dry_run, result, trouble, duration_ms):
        connection = self._lock_row(self.env["crm.connection"].browse(connection_id))
        if not connection:
            return
        values = {
            "check_requested_at": False,
            "last_check_at": fields.Datetime.now(),
            "last_check_ms": duration_ms,
        }
        if trouble is None and result is not None:
            trouble = self._apply_check(connection, result)
        if trouble:
            connection.write({**values, "check_report": False})
            connection._set_error(trouble.code, trouble.message)
        else:
            report = "\n".join((result.message, *result.lines))
            connection.write({**values, "check_report": redact_text(report)})
            if connection.state != "off":
                connection._set_ok()
        connection._notify_changed()

    def _apply_check(self, connection, result):
        try:
            with self.env.cr.savepoint():
                connection._call_provider("_apply_check", result, default=None)
        except UserError as error:
            return rules.Trouble("configuration", str(error))
        return None
