from datetime import timedelta
from math import ceil

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_base.fields import EncryptedText
from odoo.addons.crm_base.lib.redaction import redact_text
from odoo.addons.queue_job.exception import RetryableJobError

from ..lib import exchange as rules
from .crm_exchange import CAUSE_CODES, SUPERVISORS

BUSY_RETRY_SECONDS = 2
_REQUIRED = object()
# What is forgotten when a connection starts afresh.
CLEAN = {
    "error_code": False,
    "last_error": False,
    "failure_streak": 0,
    "resume_at": False,
}


class CrmConnection(models.Model):
    """One account at a partner: address, secrets, state, and its two queues.

    draft: never checked. ok: last check or message went well. error: the last one
    did not, the reason is shown; when access was refused, sending waits for a
    successful test or an edit. off: somebody switched it off, nothing moves.
    """

    _name = "crm.connection"
    _description = "Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    provider = fields.Selection(selection=[], required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    environment = fields.Selection(
        [("test", "Test Mode"), ("live", "Live")], required=True, default="test"
    )
    base_url = fields.Char(string="Address", copy=False)
    webhook_secret = EncryptedText(
        string="Webhook Signing Secret",
        groups="base.group_system,crm_base.crm_base_group_admin",
        help="Without it every incoming message is refused.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Gets an activity when a message fails for good.",
    )
    max_parallel = fields.Integer(
        string="Calls at Once",
        default=4,
        required=True,
        help="How many messages are sent at the same time.",
    )

    state = fields.Selection(
        [("draft", "To check"), ("ok", "Works"), ("error", "Error"), ("off", "Off")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    error_code = fields.Selection(
        CAUSE_CODES, string="Kind of Problem", readonly=True, copy=False
    )
    last_error = fields.Text(readonly=True, copy=False)
    is_paused = fields.Boolean(
        string="Sending Paused",
        compute="_compute_is_paused",
        help="Access was refused: messages wait for a successful test or an edit.",
    )
    last_check_at = fields.Datetime(string="Last Check", readonly=True, copy=False)
    last_check_ms = fields.Integer(readonly=True, copy=False)
    check_requested_at = fields.Datetime(readonly=True, copy=False)
    check_report = fields.Text(string="Result", readonly=True, copy=False)
    failure_streak = fields.Integer(readonly=True, copy=False)
    resume_at = fields.Datetime(
        string="Sending Resumes",
        readonly=True,
        copy=False,
        help="The partner is down or asked to slow down.",
    )

    body_days = fields.Integer(
        string="Keep Bodies (days)", help="0: as set for the company."
    )
    row_days = fields.Integer(
        string="Keep Exchanges (days)", help="0: as set for the company."
    )
    pending_count = fields.Integer(string="Waiting", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    can_test = fields.Boolean(compute="_compute_capabilities")
    can_dry_run = fields.Boolean(compute="_compute_capabilities")

    _max_parallel_range = models.Constraint(
        "CHECK(max_parallel BETWEEN 1 AND 16)",
        "Between 1 and 16 messages may be sent at once.",
    )
    _days_positive = models.Constraint(
        "CHECK(COALESCE(body_days, 0) >= 0 AND COALESCE(row_days, 0) >= 0)",
        "A number of days cannot be negative.",
    )

    # === Computes === #

    @api.depends("state", "error_code")
    def _compute_is_paused(self):
        for connection in self:
            connection.is_paused = (
                connection.state == "error"
                and connection.error_code == "authentication"
            )

    def _compute_counts(self):
        counts = {
            (connection.id, state): count
            for connection, state, count in self.env["crm.exchange"]._read_group(
                [
                    ("connection_id", "in", self.ids),
                    ("state", "in", ("pending", "failed")),
                ],
                ["connection_id", "state"],
                ["__count"],
            )
        }
        for connection in self:
            connection.pending_count = counts.get((connection.id, "pending"), 0)
            connection.failed_count = counts.get((connection.id, "failed"), 0)

    @api.depends("provider")
    def _compute_capabilities(self):
        by_provider = self._get_capabilities()
        for connection in self:
            capabilities = by_provider.get(connection.provider, frozenset())
            connection.can_test = "test" in capabilities
            connection.can_dry_run = "dry_run" in capabilities

    @api.model
    def _get_capabilities(self) -> dict[str, frozenset[str]]:
        """Return what each provider offers; provider addons add their own code.

        Known words: `test` (has `_prepare_check_<provider>`), `dry_run` (that
        method understands `dry_run=True`).
        """
        return {}

    # === CRUD === #

    @api.model
    def _get_edit_fields(self) -> set[str]:
        """Fields whose change makes a refused connection worth trying again."""
        return {"base_url", "environment", "webhook_secret"}

    def write(self, vals):
        result = super().write(vals)
        if self._get_edit_fields() & vals.keys():
            self._credentials_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: exchanges the user may not see still count
        used = (
            self.env["crm.exchange"]
            .sudo()
            ._read_group([("connection_id", "in", self.ids)], ["connection_id"])
        )
        if used:
            raise UserError(
                self.env._(
                    "%(name)s has exchanged messages: archive it to keep its log.",
                    name=used[0][0].name,
                )
            )

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

    # === Buttons === #

    def _check_supervisor(self):
        """Only admins and automation developers drive connections."""
        self.check_access("read")
        if not any(self.env.user.has_group(g) for g in SUPERVISORS.split(",")):
            raise AccessError(
                self.env._("Only CRM admins and automation developers may do this.")
            )

    def action_test(self):
        """Have a job ask the partner whether this connection works."""
        self._request_check("can_test", dry_run=False)

    def action_dry_run(self):
        """Have a job show what would be exchanged, without writing anything."""
        self._request_check("can_dry_run", dry_run=True)

    def _request_check(self, capability: str, *, dry_run: bool):
        self._check_supervisor()
        for connection in self:
            if not connection[capability]:
                raise UserError(
                    self.env._(
                        "The connection %(name)s cannot do this.",
                        name=connection.display_name,
                    )
                )
        # sudo: automation developers test connections they may not edit
        for connection in self.sudo():
            connection.check_requested_at = fields.Datetime.now()
            connection.with_delay(
                identity_key=f"crm_connection_check:{connection.id}:{dry_run}",
                priority=5,
                max_retries=3,
            )._job_check(dry_run)
            connection._notify_changed()

    def action_turn_on(self):
        """Switch on: whatever waited leaves."""
        for connection in self.filtered(lambda c: c.state == "off"):
            connection.write({"state": "draft", **CLEAN})
            connection._wake(rules.OUTGOING)
            connection._wake(rules.INCOMING)

    def action_turn_off(self):
        """Switch off: messages are kept, none is sent or processed."""
        self.write({"state": "off"})

    def action_view_exchanges(self):
        """Open the log of this connection."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_integrations.crm_exchange_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        action["context"] = {
            f"search_default_{word}": 1
            for word in self.env.context.get("exchange_filters", ())
        }
        return action
