from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.crm_base.fields import EncryptedText

from ..lib import body as body_lib
from ..lib import exchange as rules

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
    _inherit = ["crm.exchange.moves"]
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
        return {
            "authentication": self.env._(
                "Check the keys of the connection, then press Test on it: what "
                "waits is sent by itself."
            ),
            "configuration": self.env._(
                "Complete the settings of the connection, then press Retry."
            ),
            "refused": self.env._(
                "Read the reason given by the partner, correct the document, then "
                "press Retry or do it again from the document."
            ),
            "rate_limited": self.env._(
                "Nothing: the message leaves when the partner allows."
            ),
            "unavailable": self.env._(
                "Nothing while it is pending: it is tried again by itself. Once "
                "failed, press Retry when the partner works again."
            ),
            "malformed": self.env._(
                "The partner answered something unexpected. Press Retry; if it "
                "fails again, show this page to your integrator."
            ),
            "business": self.env._(
                "Correct the document named in the cause, then press Retry."
            ),
            "busy": self.env._("Nothing: it is tried again by itself."),
            "internal": self.env._(
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

    def _check_body(self):
        """Refuse to work on a body that is gone or cannot be read.

        :raise UserError: with what to do about it
        """
        if self.is_purged:
            raise UserError(
                self.env._("The body was emptied at the end of its retention.")
            )
        if self.is_personal and not self._get_body():
            self.env["crm.secret"]._check_ready()

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
