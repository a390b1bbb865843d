from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError

from odoo.addons.crm_base.fields import EncryptedText

INTERACTIVE_PRIORITY = 5
BATCH_PRIORITY = 20
CHANNEL = "root.crm_ai"
BATCH_CHANNEL = "root.crm_ai_batch"
# Without a living job for that long, a question is lost.
LOST_MINUTES = 5
REDRIVE_SLICE = 500
STATES = [
    ("pending", "Waiting"),
    ("running", "Running"),
    ("done", "Answered"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("pending", "running")
ADMIN = "crm_base.crm_base_group_admin"


class CrmAiCall(models.Model):
    """One answer asked of a model or of the rules: a row of the AI register.

    Written in the transaction of the click; a job does the rest. The texts go after
    the retention of the company, the figures stay.
    """

    _name = "crm.ai.call"
    _description = "AI Answer"
    _order = "id desc"
    _rec_name = "feature_id"

    feature_id = fields.Many2one(
        "crm.ai.feature", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Asked By", required=True, readonly=True, index=True
    )
    lang = fields.Char(readonly=True)
    tz = fields.Char(string="Time Zone", readonly=True)
    purpose = fields.Selection(
        [("use", "Use"), ("preview", "Preview"), ("regression", "Regression")],
        required=True,
        default="use",
        readonly=True,
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    params = fields.Json(readonly=True)
    state = fields.Selection(STATES, required=True, default="pending", readonly=True)
    answered_by = fields.Selection(
        [("model", "Model"), ("rules", "Rules")], readonly=True
    )
    connection_id = fields.Many2one(
        "crm.connection", readonly=True, ondelete="set null"
    )
    provider = fields.Char(readonly=True)
    model = fields.Char(readonly=True, help="As the vendor named it.")
    prompt_version_id = fields.Many2one(
        "crm.ai.prompt.version", readonly=True, index=True, ondelete="set null"
    )
    fallback_code = fields.Char(readonly=True)
    fallback_reason = fields.Char(readonly=True, help="Why no model answered.")
    tokens_in = fields.Integer(readonly=True)
    tokens_out = fields.Integer(readonly=True)
    tokens_cached = fields.Integer(readonly=True)
    audio_seconds = fields.Float(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    # not Monetary: a short answer costs less than a cent
    cost = fields.Float(digits=(16, 6), readonly=True)
    duration_ms = fields.Integer(readonly=True, help="From the question to the answer.")
    provider_ms = fields.Integer(readonly=True, help="Of those, spent at the vendor.")
    is_cache_hit = fields.Boolean(string="Reused", readonly=True)
    content_hash = fields.Char(readonly=True)
    steps = fields.Json(readonly=True, help="Who was asked and what came of it.")
    sources = fields.Json(readonly=True, help="Records the answer stands on.")
    done_parts = fields.Integer(readonly=True)
    parts = fields.Integer(readonly=True, default=1)
    cancel_requested = fields.Boolean(readonly=True)
    started_at = fields.Datetime(readonly=True)
    lease_until = fields.Datetime(readonly=True)
    question = EncryptedText(groups=ADMIN, help="As it was sent.")
    answer = EncryptedText(groups=ADMIN, help="As it came.")
    result_text = EncryptedText(help="JSON of the checked answer.")
    purge_date = fields.Date(readonly=True, help="Day the texts go.")
    is_purged = fields.Boolean(readonly=True)

    _company_date_idx = models.Index("(company_id, create_date, feature_id)")
    _cache_idx = models.Index("(content_hash) WHERE state = 'done'")
    _purge_idx = models.Index("(purge_date) WHERE is_purged IS NOT TRUE")
    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("feature_id", "create_date")
    def _compute_display_name(self):
        for call in self:
            call.display_name = f"{call.feature_id.name} #{call.id}"

    # === Asking === #

    @api.model
    def ask(self, feature_code: str, res_model: str | bool, res_id: int, params=None):
        """Ask from a screen; return what `watch` returns."""
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees may ask."))
        record = None
        if res_model:
            if res_model not in self.env:
                raise UserError(self.env._("There is no such record."))
            record = isinstance(res_id, int) and self.env[res_model].browse(res_id)
            if not record or not record.exists():
                raise UserError(self.env._("There is no such record."))
        if params is not None and not isinstance(params, dict):
            raise UserError(self.env._("The question cannot be read."))
        if not self._is_public(feature_code):
            raise UserError(self.env._("This question does not exist."))
        return self._ask(feature_code, record, params).watch()

    @api.model
    def _is_public(self, feature_code) -> bool:
        """Whether screens may ask this."""
        try:
            feature = self.env["crm.ai.feature"]._get_by_code(str(feature_code))
        except ValueError:
            return False
        return self.env[feature.task_model]._ai_is_public

    @api.model
    def _ask(self, feature_code: str, record=None, params=None, purpose: str = "use"):
        """Write a question and have a job answer it once this transaction is in.

        :param record: what it is about; the asking person must be able to read it
        :param params: JSON-able details for the task
        :return: the call, in the environment of the person
        """
        call = self._create_call(feature_code, record, params, purpose)
        call.sudo()._ensure_job()
        return call

    def _ensure_job(self):
        """Have a job answer; one that waits already is enough."""
        for call in self:
            is_batch = call.feature_id.is_batch
            call.with_delay(
                channel=BATCH_CHANNEL if is_batch else CHANNEL,
                priority=BATCH_PRIORITY if is_batch else INTERACTIVE_PRIORITY,
                identity_key=f"crm_ai_call:{call.id}",
                description=call.feature_id.name,
            )._job_run()

    @api.model
    def _cron_redrive(self):
        """Ask again what a lost job left behind: questions that nobody answers."""
        before = fields.Datetime.subtract(fields.Datetime.now(), minutes=LOST_MINUTES)
        lost = self.search(
            [
                ("state", "in", OPEN_STATES),
                ("create_date", "<", before),
                "|",
                ("lease_until", "=", False),
                ("lease_until", "<", fields.Datetime.now()),
            ],
            limit=REDRIVE_SLICE,
        )
        lost._ensure_job()

    @api.model
    def _create_call(self, feature_code, record, params, purpose="use"):
        if record:
            record.ensure_one()
            self._check_readable(record)
        company = self.env.company
        if record and "company_id" in record._fields and record.company_id:
            company = record.company_id
        feature = self.env["crm.ai.feature"]._get_by_code(feature_code)
        # a company has two hundred columns more
        company.sudo().fetch(["crm_ai_text_days"])
        days = company.sudo().crm_ai_text_days
        purge_date = fields.Date.context_today(self) + timedelta(days=days)
        # sudo: the register is written by the suite only
        return (
            self.sudo()
            .create(
                {
                    "feature_id": feature.id,
                    "company_id": company.id,
                    "user_id": self.env.uid,
                    "lang": self.env.lang or self.env.user.lang,
                    "tz": self.env.context.get("tz") or self.env.user.tz,
                    "purpose": purpose,
                    "res_model": record._name if record else False,
                    "res_id": record.id if record else False,
                    "params": params or {},
                    "purge_date": purge_date if days > 0 else False,
                }
            )
            .with_env(self.env)
        )

    def _answer_now(self):
        """Answer by the rules in this very transaction; no model is asked."""
        self.ensure_one()
        self.env["crm.ai.runner"]._answer_by_rules_now(self)
        return self

    def _job_run(self):
        """Answer one question."""
        self.env["crm.ai.runner"]._run(self.id)

    # === For tasks === #

    def _get_record(self):
        """Return what the question is about, with the person's rights; may be empty.

        :raise AccessError: the person may no longer read it
        :raise MissingError: it was deleted
        """
        self.ensure_one()
        call = self.sudo()
        if not call.res_model or call.res_model not in self.env:
            return self.env["base"]
        record = self.env[call.res_model].browse(call.res_id)
        if not record.exists():
            raise MissingError(self.env._("What this was about no longer exists."))
        self._check_readable(record)
        return record

    @api.model
    def _check_readable(self, record):
        """Check that the person may read a record, without reading it whole.

        :raise AccessError: he may not
        """
        if "company_id" in record._fields:
            record.fetch(["company_id"])
        else:
            record.check_access("read")

    def _get_params(self) -> dict:
        self.ensure_one()
        return dict(self.sudo().params or {})

    def _get_task(self):
        self.ensure_one()
        return self.env[self.sudo().feature_id.task_model]

    def _get_result(self):
        """Return the checked answer (shape of the task), None without one or purged."""
        self.ensure_one()
        text = self.sudo().result_text
        return self._get_task()._ai_result.model_validate_json(text) if text else None

    def _get_answer_text(self) -> str:
        """Return the answer as a person would read it."""
        result = self._get_result()
        return self._get_task()._get_draft_text(result) if result else ""

    # === Cancelling === #

    def action_cancel(self):
        """Stop waiting; a stream that runs is closed."""
        self.check_access("read")
        for call in self.sudo().filtered(lambda c: c.state in OPEN_STATES):
            call.cancel_requested = True
            if call.state == "pending":
                call.state = "cancelled"
                self.env["crm.ai.runner"]._tell_failure(call.with_user(call.user_id))

    # === Purge === #

    @api.autovacuum
    def _gc_texts(self):
        """Remove the texts whose time is over; the figures stay."""
        calls = self.sudo().search(
            [
                ("purge_date", "<=", fields.Date.today()),
                ("is_purged", "=", False),
                ("state", "not in", OPEN_STATES),
            ],
            limit=5000,
        )
        calls._purge()
        return len(calls), len(calls) == 5000

    def _purge(self):
        for call in self:
            # the label of a record names a client
            call.sources = [{**source, "label": ""} for source in call.sources or []]
        self.write(
            {
                "question": False,
                "answer": False,
                "result_text": False,
                "params": False,
                "content_hash": False,
                "is_purged": True,
            }
        )
