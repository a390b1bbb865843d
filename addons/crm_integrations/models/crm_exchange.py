import random

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.crm_base.fields import EncryptedText
from odoo.addons.crm_base.lib.redaction import redact_text

from ..lib import body as body_lib
from ..lib import exchange as rules

# Screens reload what they show; a longer list would only weigh on the bus.
NEWS_MAX_IDS = 100
SUPERVISORS = "crm_base.crm_base_group_automation,crm_base.crm_base_group_admin"

CAUSE_CODES = [
    ("authentication", "Access refused by the partner"),
    ("configuration", "Setting missing or wrong"),
    ("refused", "Refused by the partner"),
    ("rate_limited", "Partner asks to slow down"),
    ("unavailable", "Partner does not answer"),
    ("malformed", "Answer not understood"),
    ("business", "Refused by our own rules"),
    ("busy", "Database busy"),
    ("internal", "Internal error"),
    ("interrupted", "Server stopped during the attempt"),
    ("manual", "Decision of a person"),
    ("not_concerned", "Does not concern us"),
]


class CrmExchange(models.Model):
    """One message with a partner, in or out.

    Written once by `crm.connection._receive` or `_enqueue`, then moved by the
    engine only: pending, then done, failed or ignored. A failed one waits for a
    person, who can retry, replay or ignore it. Nobody edits an exchange.
    """

    _name = "crm.exchange"
    _description = "Exchange"
    _order = "id desc"
    _rec_name = "event"

    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")], required=True, readonly=True
    )
    connection_id = fields.Many2one(
        "crm.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    event = fields.Char(required=True, readonly=True)
    remote_id = fields.Char(
        string="Partner's Reference",
        readonly=True,
        help="Incoming: the partner's name for this event, received only once. "
        "Outgoing: the partner's name for what was created.",
    )
    idempotency_key = fields.Char(
        readonly=True,
        help="The same at each attempt, so that the partner does the work once.",
    )
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True, index=False
    )

    is_personal = fields.Boolean(
        string="Personal Data", readonly=True, help="The body is encrypted."
    )
    body_plain = fields.Text(
        readonly=True, copy=False, groups=fields.NO_ACCESS, exportable=False
    )
    body_secret = EncryptedText(
        readonly=True, groups=fields.NO_ACCESS, string="Encrypted Body"
    )
    body_encoding = fields.Selection(
        [("utf8", "UTF-8"), ("base64", "Base64")], readonly=True
    )
    is_purged = fields.Boolean(
        string="Body Emptied", readonly=True, help="Emptied after its retention."
    )
    body_preview = fields.Text(
        string="Body",
        compute="_compute_body_preview",
        compute_sudo=False,
        exportable=False,
    )

    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("ignored", "Ignored"),
        ],
        default="pending",
        required=True,
        readonly=True,
    )
    attempt_count = fields.Integer(string="Attempts", readonly=True, aggregator="avg")
    next_attempt_at = fields.Datetime(string="Next Attempt", readonly=True)
    lease_until = fields.Datetime(readonly=True)
    lease_token = fields.Char(readonly=True)
    cause_code = fields.Selection(CAUSE_CODES, string="Kind of Problem", readonly=True)
    cause = fields.Text(readonly=True)
    advice = fields.Text(string="What to do", compute="_compute_advice")
    attempt_ids = fields.One2many("crm.exchange.attempt", "exchange_id", readonly=True)

    received_at = fields.Datetime(readonly=True)
    sent_at = fields.Datetime(readonly=True)
    done_at = fields.Datetime(readonly=True)
    duration_ms = fields.Integer(
        string="Duration (ms)", aggregator="avg", readonly=True
    )

    _remote_uniq = models.UniqueIndex(
        "(connection_id, direction, remote_id)"
        " WHERE direction = 'in' AND remote_id IS NOT NULL",
        "This event was already received.",
    )
    _idempotency_uniq = models.UniqueIndex(
        "(connection_id, direction, idempotency_key) WHERE idempotency_key IS NOT NULL",
        "This message was already written.",
    )
    _queue_idx = models.Index(
        "(connection_id, direction, next_attempt_at, id) WHERE state = 'pending'"
    )
    _problem_idx = models.Index("(connection_id, state) WHERE state = 'failed'")
    _record_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _purge_idx = models.Index("(create_date) WHERE is_purged IS NOT TRUE")
    _age_idx = models.Index("(create_date)")

    # === Computes === #

    @api.depends("cause_code", "state")
    def _compute_advice(self):
        advice = self._get_advice()
        for exchange in self:
            wanted = exchange.state in ("failed", "pending")
            exchange.advice = wanted and advice.get(exchange.cause_code, False)

    def _get_advice(self) -> dict[str, str]:
        _ = self.env._
        return {
            "authentication": _(
                "Check the keys of the connection, then press Test on it: what "
                "waits is sent by itself."
            ),
            "configuration": _(
                "Complete the settings of the connection, then press Retry."
            ),
            "refused": _(
                "Read the reason given by the partner, correct the document, then "
                "press Retry or do it again from the document."
            ),
            "rate_limited": _("Nothing: the message leaves when the partner allows."),
            "unavailable": _(
                "Nothing while it is pending: it is tried again by itself. Once "
                "failed, press Retry when the partner works again."
            ),
            "malformed": _(
                "The partner answered something unexpected. Press Retry; if it "
                "fails again, show this page to your integrator."
            ),
            "business": _("Correct the document named in the cause, then press Retry."),
            "busy": _("Nothing: it is tried again by itself."),
            "internal": _(
                "Show this page to your integrator; press Retry once it is repaired."
            ),
        }

    @api.depends("body_plain", "body_secret", "is_purged")
    def _compute_body_preview(self):
        for exchange in self:
            raw = exchange._get_body()
            exchange.body_preview = body_lib.preview(raw) if raw else False

    @api.depends("event", "remote_id")
    def _compute_display_name(self):
        for exchange in self:
            exchange.display_name = f"{exchange.event} #{exchange.id}"

    # === Body === #

    def _get_body(self) -> bytes:
        """Return the raw bytes, empty when purged or when the key is missing."""
        self.ensure_one()
        # sudo: the column is closed to everybody, this is its only door
        exchange = self.sudo()
        text = exchange.body_secret if exchange.is_personal else exchange.body_plain
        if not text:
            return b""
        return body_lib.decode_body(text, exchange.body_encoding or body_lib.UTF8)

    def _get_pretty_body(self) -> str:
        raw = self._get_body()
        return body_lib.pretty(raw) if raw else ""

    def _log_look(self):
        """Write down, on the connection, who read this body in full."""
        self.ensure_one()
        # sudo: the note must be written whatever the reader may write
        self.connection_id.sudo().message_post(
            body=self.env._(
                "%(user)s read the full body of %(exchange)s.",
                user=self.env.user.name,
                exchange=self.display_name,
            ),
            author_id=self.env.user.partner_id.id,
        )

    # === Writing a row once === #

    @api.model
    def _insert_once(self, values: dict, body: bytes, personal: bool):
        """Insert a pending exchange unless its key exists; race-safe.

        :return: (exchange, created)
        """
        text, encoding = body_lib.encode_body(body)
        now = fields.Datetime.now()
        values = {
            **values,
            "body_secret" if personal else "body_plain": text,
            "body_encoding": encoding,
            "is_personal": personal,
            "is_purged": False,
            "state": rules.PENDING,
            "attempt_count": 0,
            "next_attempt_at": now,
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        columns = [name for name, value in values.items() if value not in (None, "")]
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_exchange (%s) VALUES (%s)"
                " ON CONFLICT DO NOTHING RETURNING id",
                SQL(", ").join(SQL.identifier(name) for name in columns),
                SQL(", ").join(
                    SQL("%s", self._to_column(name, values[name])) for name in columns
                ),
            ),
            # The same event at the same moment: the caller's request is repeated.
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        return (self.browse(row[0]), True) if row else (self._find_same(values), False)

    def _to_column(self, name, value):
        return self._fields[name].convert_to_column_insert(value, self)

    def _find_same(self, values):
        key = "remote_id" if values["direction"] == rules.INCOMING else None
        key = key or "idempotency_key"
        return self.search(
            [
                ("connection_id", "=", values["connection_id"]),
                ("direction", "=", values["direction"]),
                (key, "=", values[key]),
            ],
            limit=1,
        )

    # === Moves (engine only) === #

    def _lock(self) -> bool:
        """Take the row for this transaction and read it afresh.

        :return: False when another transaction holds it or it is gone
        """
        self.ensure_one()
        locked = self.try_lock_for_update()
        self.invalidate_recordset()
        return bool(locked)

    def _move(self, event: str, **values):
        """Change the state by the table of `lib/exchange.py`."""
        self.ensure_one()
        state = rules.next_state(self.state, event)
        values = {"lease_until": False, "lease_token": False, **values}
        self.write({"state": state, **values})
        self._notify_changed()

    def _finish(self, event: str, *, code=False, cause=False, **values):
        """Close the exchange: succeed, ignore or give_up."""
        now = fields.Datetime.now()
        self._move(
            event,
            cause_code=code,
            cause=cause and redact_text(cause),
            next_attempt_at=False,
            done_at=now,
            **values,
        )

    def _add_attempt(self, trouble=None, *, status=None, duration_ms=0):
        """Log one attempt; `trouble` is None for a success."""
        self.ensure_one()
        self.env["crm.exchange.attempt"].create(
            {
                "exchange_id": self.id,
                "at": fields.Datetime.now(),
                "http_status": (trouble.status if trouble else status) or 0,
                "duration_ms": duration_ms,
                "cause_code": trouble and trouble.code,
                "cause": trouble and redact_text(trouble.message),
            }
        )

    def _record_trouble(self, trouble: rules.Trouble) -> rules.Decision:
        """Write what a trouble does to this exchange and to its connection."""
        self.ensure_one()
        decision = rules.decide(
            self.direction,
            trouble,
            self.attempt_count,
            now=fields.Datetime.now(),
            rand=random.random(),  # noqa: S311 spreads retries, no secret
        )
        if decision.state == rules.FAILED:
            self._finish(decision.event, code=trouble.code, cause=trouble.message)
        else:
            values = {}
            if decision.event == "hold":
                values["attempt_count"] = max(self.attempt_count - 1, 0)
            self._move(
                decision.event,
                cause_code=trouble.code,
                cause=redact_text(trouble.message),
                next_attempt_at=decision.next_attempt_at,
                **values,
            )
        self.connection_id._note_trouble(self, trouble, decision)
        return decision

    # === Bus === #

    def _notify_changed(self):
        """Tell open screens that these exchanges changed (at commit).

        Supervisors get `crm_integrations.exchange` with the ids; a queue at work
        says it by itself, now and then for many (see `crm.exchange.queue`).
        """
        if self and not self.env.context.get("crm_exchange_quiet"):
            self._notify_supervisors(self.connection_id.ids, self.ids)
        for exchange in self.filtered("res_model"):
            exchange._notify_record()

    def _notify_supervisors(self, connection_ids: list[int], ids: list[int]):
        group = self.env.ref("crm_base.crm_base_group_automation")
        payload = {"connection_ids": connection_ids, "ids": ids[:NEWS_MAX_IDS]}
        group._bus_send("crm_integrations.exchange", payload)

    def _notify_record(self):
        """Tell the person who asked for it: `crm_integrations.record`."""
        user = self.create_uid
        if user.active and user._is_internal():
            payload = {
                "id": self.id,
                "state": self.state,
                "res_model": self.res_model,
                "res_id": self.res_id,
            }
            user._bus_send("crm_integrations.record", payload)

    # === Buttons === #

    def _check_supervisor(self):
        """Only admins and automation developers drive exchanges."""
        self.check_access("read")
        if not any(self.env.user.has_group(g) for g in SUPERVISORS.split(",")):
            raise AccessError(
                self.env._("Only CRM admins and automation developers may do this.")
            )

    def _is_in_flight(self) -> bool:
        """Tell whether a sender is calling the partner at this moment."""
        now = fields.Datetime.now()
        return bool(self.lease_until) and not rules.lease_was_lost(
            self.lease_until, now
        )

    def _act(self, event: str, **values):
        """Apply a person's decision to each exchange that allows it."""
        self._check_supervisor()
        # sudo: no role may write exchanges, the buttons are the only way
        exchanges = self.sudo().filtered(
            lambda e: rules.allows(e.state, event) and not e._is_in_flight()
        )
        if not exchanges:
            raise UserError(
                self.env._("None of the selected exchanges is in a state for this.")
            )
        for exchange in exchanges:
            exchange._move(event, **values)
        return exchanges

    def action_retry(self):
        """Try pending or failed exchanges again, now."""
        exchanges = self._act(
            "retry", next_attempt_at=fields.Datetime.now(), attempt_count=0
        )
        exchanges._wake()

    def action_replay(self):
        """Process again what was received, send again what was sent."""
        exchanges = self._act(
            "replay",
            next_attempt_at=fields.Datetime.now(),
            attempt_count=0,
            done_at=False,
            cause_code=False,
            cause=False,
        )
        exchanges._wake()

    def action_ignore(self):
        """Close exchanges that nobody needs any more."""
        self._act(
            "ignore",
            cause_code="manual",
            cause=self.env._("Ignored by %(user)s.", user=self.env.user.name),
            next_attempt_at=False,
            done_at=fields.Datetime.now(),
        )

    def action_open_record(self):
        """Open the document this exchange is about, with the reader's rights."""
        self.ensure_one()
        record = self.res_model in self.env and self.env[self.res_model].browse(
            self.res_id
        )
        if not record or not record.exists():
            raise UserError(self.env._("The document no longer exists."))
        record.check_access("read")
        return record.get_formview_action()

    def action_show_body(self):
        """Open the full body for an admin; who looked is written down."""
        self.ensure_one()
        return self.env["crm.exchange.body"]._open_for(self)

    def _wake(self):
        for exchange in self:
            exchange.connection_id._wake(exchange.direction)
