import logging
import time
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.crm_integrations.row_lock import take_rows
from odoo.addons.queue_job.exception import RetryableJobError

from ..lib import prompts
from ..lib.budget import cost_of
from .ai_plan import Person
from .crm_ai_call import OPEN_STATES

_logger = logging.getLogger(__name__)

# Renewed while the job lives; a killed server holds its question no longer.
LEASE_SECONDS = 60
# What a plan is made of; a call has forty columns more, texts among them.
_PREPARED = (
    "state", "lease_until", "cancel_requested", "user_id", "lang", "tz", "company_id",
    "feature_id", "purpose", "res_model", "res_id", "params",
)  # fmt: skip


class CrmAiRunner(models.AbstractModel):
    """Answers a question: short transactions, and the model outside of them.

    Claim and prepare (as the person who asked), ask the models in order, record (as
    the person again). A killed server leaves a claimed call behind; the job that finds
    it after its lease, renewed while models are asked, asks again.
    """

    _name = "crm.ai.runner"
    _description = "Runner of AI Calls"
    _inherit = "crm.job.transaction"

    def _run(self, call_id: int):
        """Answer one question; does nothing when it is answered already."""
        try:
            plan = self._in_transaction(type(self)._begin, call_id)
            if plan:
                outcome = self.env["crm.ai.asker"]._ask_models(plan)
                self._in_transaction(type(self)._record, call_id, plan, outcome)
        except (RetryableJobError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            raise
        except Exception:
            # a bug of a feature: nobody is left looking at a question that turns
            _logger.exception("AI call %s", call_id)
            self._in_transaction(type(self)._give_up, call_id)

    def _take(self, call_id: int):
        """Return the call, locked; empty when it is gone."""
        return take_rows(self.env["crm.ai.call"].browse(call_id))

    # === Claim and prepare === #

    def _begin(self, call_id: int):
        """Return the plan of a call that is ours now, None when there is none."""
        return self._prepare(call_id) if self._claim(call_id) else None

    def _claim(self, call_id: int) -> bool:
        """Take a call. :raise RetryableJobError: another server answers it"""
        call = self._take(call_id)
        call.fetch(_PREPARED)
        if not call or call.state not in OPEN_STATES:
            return False
        now = fields.Datetime.now()
        if call.state == "running" and call.lease_until and call.lease_until > now:
            left = (call.lease_until - now).seconds + 1
            raise RetryableJobError(
                "another server answers", seconds=left, ignore_retry=True
            )
        call.write(
            {
                "state": "running",
                "started_at": now,
                "lease_until": now + timedelta(seconds=LEASE_SECONDS),
            }
        )
        return True

    def _renew(self, call_id: int):
        """Say that this job still lives."""
        call = self._take(call_id)
        call.lease_until = fields.Datetime.add(
            fields.Datetime.now(), seconds=LEASE_SECONDS
        )

    def _prepare(self, call_id: int):
        """Return the plan of a call; a call that cannot be asked fails here."""
        person = self._find_person(call_id)
        call = person.get_call(self.env, call_id)
        try:
            return self.env["crm.ai.planner"]._plan(call, person)
        except (AccessError, MissingError, UserError) as error:
            self._fail(call, str(error.args[0] if error.args else error))
        except prompts.PromptError as error:
            _logger.warning("prompt of AI call %s: %s %s", call_id, error, error.names)
            self._fail(call, call.env._("The prompt does not fit its inputs."))
        return None

    def _find_person(self, call_id: int) -> Person:
        call = self.env["crm.ai.call"].browse(call_id)
        return Person(
            call.user_id.id,
            call.lang or "",
            call.tz or "Europe/Paris",
            call.company_id.id,
        )

    # === Record === #

    def _record(self, call_id: int, plan, outcome):
        """Write what came, and have the feature keep it."""
        call = self._take(call_id)
        if not call or call.state != "running":
            return
        is_cancelled = outcome.reason == "cancelled" or call.cancel_requested
        call = plan.person.get_call(self.env, call_id)
        values = self._prepare_usage(call, plan, outcome)
        if is_cancelled:
            call.sudo().write({**values, "state": "cancelled"})
            self._tell_failure(call)
            return
        result = outcome.result
        if result is None:
            values |= self._prepare_fallback(call, outcome)
            if call.sudo().purpose == "regression":
                # it judges a model: the rules have nothing to say
                self._fail(call, values["fallback_reason"], values)
                return
            try:
                result = call._get_task()._answer_by_rules(call, plan.inputs)
            except UserError as error:
                self._fail(call, str(error.args[0]), values)
                return
        self._keep(call, result, values)

    def _keep(self, call, result, values):
        """Write the answer and hand it to the feature, both or neither."""
        now = self.env.cr.now()
        values = {
            "answered_by": "model",
            **values,
            "state": "done",
            "result_text": result.model_dump_json(),
            "done_parts": call.sudo().parts,
            "duration_ms": (now - call.sudo().create_date).total_seconds() * 1000,
        }
        try:
            with self.env.cr.savepoint():
                call.sudo().write(values)
                if call.sudo().purpose == "use":
                    call._get_task()._on_answer(call, result)
                call.env.flush_all()
        except UserError as error:
            self._fail(call, str(error.args[0]), values)
            return
        call.sudo()._notify()

    def _prepare_usage(self, call, plan, outcome) -> dict:
        usage = outcome.usage
        values = {
            "steps": [step.as_dict() for step in outcome.steps],
            "tokens_in": usage.tokens_in,
            "tokens_out": usage.tokens_out,
            "tokens_cached": usage.tokens_cached,
            "audio_seconds": usage.audio_seconds,
            "cost": float(sum(cost_of(u, p) for u, p in outcome.bills)),
            "provider_ms": outcome.provider_ms,
            "question": outcome.question,
            "sources": [source.as_dict() for source in plan.inputs.sources],
        }
        if outcome.door:
            values |= {
                "connection_id": outcome.door.connection_id,
                "provider": outcome.door.provider,
                "model": outcome.model or outcome.door.config.model,
                "prompt_version_id": plan.prompt_version_id,
                "answer": outcome.answer,
                "content_hash": outcome.content_hash,
                "is_cache_hit": outcome.is_cache_hit,
            }
        return values

    def _prepare_fallback(self, call, outcome) -> dict:
        """Say why the rules answer."""
        code = outcome.reason or "no_model"
        return {
            "answered_by": "rules",
            "fallback_code": code,
            "fallback_reason": outcome.message or call._get_fallback_reason(code),
            "connection_id": False,
            "model": False,
            "provider": False,
        }

    def _fail(self, call, sentence: str, values=None):
        """End without an answer, with a sentence for the person."""
        call.sudo().write(
            {**(values or {}), "state": "failed", "fallback_reason": sentence[:500]}
        )
        self._tell_failure(call)

    def _tell_failure(self, call):
        """Tell the feature and the person that no answer comes."""
        try:
            with self.env.cr.savepoint():
                if call.sudo().purpose == "use":
                    call._get_task()._on_failure(call)
                call.env.flush_all()
        except (AccessError, MissingError) as error:
            # rights or record went in the meantime: there is nobody to tell
            _logger.info("AI call %s: %s", call.id, type(error).__name__)
        call.sudo()._notify()

    def _give_up(self, call_id: int):
        call = self._take(call_id)
        if call.state in OPEN_STATES:
            call = self._find_person(call_id).get_call(self.env, call_id)
            self._fail(call, call.env._("Something went wrong here."))

    # === Without a job === #

    def _answer_by_rules_now(self, call):
        """Answer in the caller's transaction, as the person, without any model."""
        started = time.monotonic()
        task = call._get_task()
        inputs = task._prepare_inputs(call)
        result = task._answer_by_rules(call, inputs)
        values = {
            "answered_by": "rules",
            "fallback_code": "rules_chosen",
            "state": "done",
            "result_text": result.model_dump_json(),
            "done_parts": 1,
            "duration_ms": round((time.monotonic() - started) * 1000),
            "sources": [source.as_dict() for source in inputs.sources],
        }
        call.sudo().write(values)
        task._on_answer(call, result)
