from datetime import timedelta
from math import ceil

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_base.lib.redaction import redact_text
from odoo.addons.queue_job.exception import RetryableJobError

from ..lib import exchange as rules

BUSY_RETRY_SECONDS = 2
_REQUIRED = object()
# What is forgotten when a connection starts afresh.
CLEAN = {
    "error_code": False,
    "last_error": False,
    "failure_streak": 0,
    "resume_at": False,
}


class CrmConnectionEngine(models.AbstractModel):
    """What a connection does: its messages, its jobs, and what they say of it."""

    _name = "crm.connection.engine"
    _description = "Engine of a Connection"

    # === Provider hooks === #

    def _call_provider(self, hook: str, *args, default=_REQUIRED):
        """Call `<hook>_<provider>`; the one place that picks a provider's code."""
        self.ensure_one()
        method = getattr(self, f"{hook}_{self.provider}", None)
        if method is not None:
            return method(*args)
        if default is _REQUIRED:
            raise UserError(
                self.env._(
                    "The connection %(name)s cannot do this.", name=self.display_name
                )
            )
        return default

    def _get_client(self):
        """Return the client of this account, from `_get_client_<provider>`."""
        return self._call_provider("_get_client")

    # === Messages === #

    def _receive(self, event: str, remote_id: str, body: bytes, *, personal=True):
        """Store an incoming message once and have it processed by a job.

        A message received before changes nothing. Call it after the signature was
        verified; answer 2xx when it returns.

        :param remote_id: the partner's name of the event, unique per connection
        :return: the exchange (superuser)
        """
        values = {
            "direction": rules.INCOMING,
            "event": event,
            "remote_id": remote_id,
            "received_at": fields.Datetime.now(),
        }
        return self._store(values, body, personal)

    def _enqueue(
        self,
        event: str,
        body: bytes,
        *,
        idempotency_key: str,
        record=None,
        personal=True,
    ):
        """Write an outgoing message in the caller's transaction; a job sends it.

        The same key gives the same exchange back and sends nothing more.

        :param record: the document it is about, if any
        :return: the exchange (superuser)
        """
        values = {
            "direction": rules.OUTGOING,
            "event": event,
            "idempotency_key": idempotency_key,
            "res_model": record._name if record else None,
            "res_id": record.id if record else None,
        }
        return self._store(values, body, personal)

    def _store(self, values, body, personal):
        # sudo: a partner is nobody here, a seller reads no connection
        connection = self.sudo()
        connection.ensure_one()
        values["connection_id"] = connection.id
        values["company_id"] = connection.company_id.id
        exchanges = connection.env["crm.exchange"]
        exchange, created = exchanges._insert_once(values, body, personal)
        if created:
            connection._wake(values["direction"])
        return exchange

    def _wake(self, direction: str):
        """Have a job look at a queue once this transaction is committed."""
        for connection in self:
            self.env["crm.exchange.queue"]._wake(connection.id, direction)

    # === Jobs === #

    def _job_send(self):
        """Send the waiting messages of a connection."""
        return self._run_queue("crm.exchange.sender", rules.OUTGOING)

    def _job_process(self):
        """Process the received messages of a connection."""
        return self._run_queue("crm.exchange.processor", rules.INCOMING)

    def _run_queue(self, engine_name: str, direction: str):
        connection = self.with_user(SUPERUSER_ID).exists()
        if not connection:
            return
        engine = connection._get_engine(engine_name)
        if not engine._take_turn(connection, direction):
            raise RetryableJobError(
                "another job empties this queue",
                seconds=BUSY_RETRY_SECONDS,
                ignore_retry=True,
            )
        if engine._run(connection):
            engine._plan_next_look(connection.id, direction)
        else:
            engine._ensure_job(connection.id, direction)

    def _job_check(self, dry_run: bool = False):
        """Test a connection."""
        connection = self.with_user(SUPERUSER_ID).exists()
        if connection:
            engine = connection._get_engine("crm.exchange.checker")
            engine._run(connection, dry_run)

    def _get_engine(self, name: str):
        """Return an engine that works in the company and language of a connection."""
        partner = self.responsible_id.partner_id or self.company_id.partner_id
        locale = {
            "lang": partner.lang,
            "tz": partner.tz or "Europe/Paris",
            "allowed_company_ids": self.company_id.ids,
        }
        return self.env[name].with_context(crm_exchange_locale=locale)

    # === State === #

    def _set_ok(self):
        """The partner answered well: forget troubles, send what waited."""
        for connection in self.filtered(lambda c: c.state != "off"):
            is_clean = not connection.failure_streak and not connection.resume_at
            if connection.state == "ok" and is_clean:
                continue
            connection.write({"state": "ok", **CLEAN})
            connection._notify_changed()
            connection._wake(rules.OUTGOING)

    def _set_error(self, code: str, message: str, **values):
        """Show a reason on the card; an off connection stays off."""
        for connection in self:
            if connection.state != "off":
                values["state"] = "error"
            connection.write(
                {"error_code": code, "last_error": redact_text(message), **values}
            )
            connection._notify_changed()

    def _credentials_changed(self):
        """Keys or address were edited: check again, and send what was held back.

        Provider addons that keep keys on another record call this when they change.
        """
        for connection in self.filtered(lambda c: c.state in ("ok", "error")):
            connection.write({"state": "draft", "check_report": False, **CLEAN})
            connection._wake(rules.OUTGOING)

    def _note_trouble(self, exchange, trouble, decision):
        """Write on the connection what a message in trouble says about it."""
        self.ensure_one()
        if decision.connection == "slow":
            self._slow_down(trouble)
        elif decision.connection in ("error", "pause"):
            self._set_error(trouble.code, trouble.message)
        if decision.state == rules.FAILED:
            self._call_provider("_on_exchange_failed", exchange, trouble, default=None)
        if decision.state == rules.FAILED or decision.connection == "pause":
            self._alert_responsible(exchange, trouble)

    def _slow_down(self, trouble):
        """Count failures in a row; let the whole connection rest when they add up."""
        streak = self.failure_streak + 1
        values = {"failure_streak": streak}
        pause = rules.breaker_pause_seconds(streak, trouble.retry_after_seconds)
        if pause:
            values["resume_at"] = fields.Datetime.now() + timedelta(seconds=ceil(pause))
        if streak >= rules.BREAKER_THRESHOLD:
            self._set_error(trouble.code, trouble.message, **values)
        else:
            self.write(values)

    def _alert_responsible(self, exchange, trouble):
        """Leave one open activity per connection, whatever the number of failures."""
        kind = self.env.ref(
            "crm_integrations.mail_activity_type_exchange_failed",
            raise_if_not_found=False,
        )
        already = self.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        if not kind or already:
            return
        user = self.responsible_id or self.create_uid
        # The activity is the message: no mail for each failure.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type_id=kind.id,
            summary=self.env._("%(name)s: messages need you", name=self.name),
            note=self.env._(
                "%(event)s failed: %(cause)s",
                event=exchange.event,
                cause=redact_text(trouble.message),
            ),
            user_id=user.id,
        )

    def _notify_changed(self):
        """Tell open screens that these connections changed (at commit)."""
        group = self.env.ref("crm_base.crm_base_group_automation")
        for connection in self:
            payload = {"id": connection.id, "state": connection.state}
            group._bus_send("crm_integrations.connection", payload)
