import logging
import time
from dataclasses import replace
from datetime import timedelta

from odoo import fields, models

from odoo.addons.crm_base.lib.errors import ClientError
from odoo.addons.crm_integrations.lib.exchange import describe_error
from odoo.addons.crm_integrations.row_lock import take_rows, try_take_rows

from ..lib import prompts, structured
from ..lib.pseudonyms import Pseudonymiser
from ..lib.routing import reason_of
from ..lib.talk import Talk, map_texts
from ..lib.transcript import join
from ..providers.flight import AudioFlight, Hooks, TextFlight
from .ai_plan import Outcome, Plan, Step
from .crm_ai_runner import LEASE_SECONDS

_logger = logging.getLogger(__name__)

PUBLISH_SECONDS = 0.25
CANCEL_SECONDS = 0.5
RENEW_SECONDS = LEASE_SECONDS / 3
# What says something about the vendor's health, not about our question.
_HEALTH = ("unavailable", "rate_limited")


class CrmAiAsker(models.AbstractModel):
    """Asks models in order, outside any transaction, until one gives an answer."""

    _name = "crm.ai.asker"
    _description = "Asker of Models"
    _inherit = "crm.job.transaction"

    def _ask_models(self, plan: Plan) -> Outcome:
        """Return what came; never raises for what a vendor does."""
        outcome = Outcome(
            reason=plan.reason, message=plan.message, steps=list(plan.skipped)
        )
        for door in plan.doors:
            try:
                self._ask_door(plan, door, outcome)
            except ClientError as error:
                # the client could not be made: nothing was asked yet
                self._in_transaction(type(self)._note_error, door.connection_id, error)
                outcome.reason = reason_of(error)
                outcome.steps.append(Step(door.name, outcome.reason, 0, str(error)))
            except Exception:
                _logger.exception("AI call %s at %s", plan.call_id, door.name)
                outcome.reason = "internal"
                outcome.steps.append(Step(door.name, "internal"))
            if outcome.result is not None or outcome.reason == "cancelled":
                break
        return outcome

    def _ask_door(self, plan: Plan, door, outcome: Outcome):
        pseudonyms = Pseudonymiser(plan.inputs.identities) if door.is_masked else None
        talks = [self._make_talk(plan, r, pseudonyms) for r in plan.requests]
        limit = door.config.capabilities.context_tokens
        if any(talk.estimated_tokens() > limit for talk in talks):
            outcome.reason = "too_long"
            outcome.steps.append(Step(door.name, "too_long"))
            return
        if talks:
            outcome.question = _as_text(talks)
            # what is hidden counts too: an answer about one person is nobody else's
            outcome.content_hash = prompts.content_hash(
                plan.task_name,
                door.connection_id,
                door.config.model,
                [repr(request) for request in plan.requests],
            )
            if self._find_in_cache(plan, door, outcome):
                return
        started = time.monotonic()
        landing = self._fly(plan, door, talks, pseudonyms)
        outcome.provider_ms += landing.provider_ms
        outcome.usage += landing.usage
        outcome.bills.append((landing.usage, door.prices))
        outcome.reason = landing.reason
        outcome.steps.append(
            Step(
                door.name,
                landing.reason or "ok",
                round((time.monotonic() - started) * 1000),
                landing.error,
            )
        )
        outcome.question = _as_text(talks)
        if landing.results is None:
            return
        if landing.error or not door.is_well:
            self._in_transaction(type(self)._note_success, door.connection_id)
        outcome.result = self._merge(plan, landing.results)
        outcome.door, outcome.model = door, landing.model
        outcome.answer = "\n\n".join(talk.last_text for talk in talks)

    def _make_talk(self, plan: Plan, request, pseudonyms) -> Talk:
        task = self.env[plan.task_name]
        if pseudonyms:
            request = _masked(request, pseudonyms)
        return Talk(
            request,
            task._ai_result,
            text_field=task._ai_text_field,
            max_rounds=task._ai_max_rounds,
            unmask=pseudonyms.unmask if pseudonyms else str,
            wants_french=plan.person.lang.startswith("fr"),
        )

    # === The model === #

    def _fly(self, plan: Plan, door, talks, pseudonyms):
        task = self.env[plan.task_name]
        client = door.client_class(door.config)
        hooks = self._make_hooks(plan, door, pseudonyms)
        try:
            if plan.sounds:
                language = plan.person.lang[:2] or "fr"
                flight = AudioFlight(
                    client, plan.sounds, hooks, door.parallel, language
                )
            else:
                is_streamed = bool(task._ai_stream_field or task._ai_text_field)
                is_streamed = is_streamed and door.config.capabilities.streaming
                flight = TextFlight(client, talks, hooks, door.parallel, is_streamed)
            return flight.run()
        finally:
            client.close()

    def _make_hooks(self, plan: Plan, door, pseudonyms) -> Hooks:
        task = self.env[plan.task_name]
        now = time.monotonic()
        # nothing was shown yet: the first tick says that a model was asked
        seen = {"text": None, "done": 0, "at": 0.0, "stop": False}
        # the call was claimed a moment ago
        seen.update(asked_at=now, renewed_at=now)

        def check(part, result):
            return self._in_transaction(type(self)._check, plan, part, result)

        def run_tools(part, calls):
            return self._in_transaction(type(self)._run_tools, plan, calls, pseudonyms)

        def progress(done, raw):
            now = time.monotonic()
            text = self._readable(task, raw, pseudonyms) if raw else ""
            is_new = text != seen["text"] or done != seen["done"]
            if is_new and now - seen["at"] >= PUBLISH_SECONDS:
                seen.update(text=text, done=done, at=now)
                self._in_transaction(type(self)._publish, plan.call_id, text, done)

        def is_cancelled():
            now = time.monotonic()
            if not seen["stop"] and now - seen["asked_at"] >= CANCEL_SECONDS:
                seen["asked_at"] = now
                seen["stop"] = self._in_transaction(
                    type(self)._is_cancelled, plan.call_id
                )
            if now - seen["renewed_at"] >= RENEW_SECONDS:
                seen["renewed_at"] = now
                runner = self.env["crm.ai.runner"]
                runner._in_transaction(type(runner)._renew, plan.call_id)
            return seen["stop"]

        def on_error(error: ClientError):
            self._in_transaction(type(self)._note_error, door.connection_id, error)

        return Hooks(check, run_tools, progress, is_cancelled, on_error)

    def _readable(self, task, raw: str, pseudonyms) -> str:
        """Return the part of a growing answer that a person may see."""
        if not task._ai_text_field:
            raw = structured.partial_field(raw, task._ai_stream_field)
        return pseudonyms.unmask_partial(raw) if pseudonyms else raw

    # === Between two answers, each in a transaction === #

    def _get_call(self, plan: Plan):
        return plan.person.get_call(self.env, plan.call_id)

    def _check(self, plan: Plan, part: int, result) -> list[str]:
        if plan.is_regression:
            return []
        call = self._get_call(plan)
        task = call.env[plan.task_name]
        return task._check_result(call, plan.parts[part], result)

    def _run_tools(self, plan: Plan, calls, pseudonyms) -> list:
        call = self._get_call(plan)
        task, results = call.env[plan.task_name], []
        for tool_call in calls:
            if pseudonyms:
                arguments = map_texts(dict(tool_call.arguments), pseudonyms.unmask)
                tool_call = replace(tool_call, arguments=arguments)
            text = task._run_tool(call, tool_call)
            results.append((tool_call, pseudonyms.mask(text) if pseudonyms else text))
        return results

    def _publish(self, call_id: int, text: str, done: int):
        call = self.env["crm.ai.call"].browse(call_id)
        if call.done_parts != done:
            take_rows(call)
            call.done_parts = done
        call._notify(text=text)

    def _is_cancelled(self, call_id: int) -> bool:
        return self.env["crm.ai.call"].browse(call_id).exists().cancel_requested

    def _merge(self, plan: Plan, results: list):
        if plan.sounds:
            starts = [sound.start for sound in plan.sounds]
            return join(zip(starts, results, strict=True))
        if len(results) == 1:
            return results[0]
        return self._in_transaction(type(self)._merge_parts, plan, results)

    def _merge_parts(self, plan: Plan, results: list):
        call = self._get_call(plan)
        return call.env[plan.task_name]._merge_results(call, plan.inputs, results)

    # === Health of a connection === #

    def _note_error(self, connection_id: int, error: ClientError):
        """Rest after failures in a row; show on the card what a person must mend."""
        connection = self.env["crm.connection"].browse(connection_id).exists()
        trouble = describe_error(error)
        if not connection:
            return
        take_rows(connection)
        if trouble.code in _HEALTH:
            connection._slow_down(trouble)
        elif trouble.code in ("authentication", "configuration") or (
            error.remote_code == "quota"
        ):
            connection._set_error(trouble.code, trouble.message)

    def _note_success(self, connection_id: int):
        connection = self.env["crm.connection"].browse(connection_id).exists()
        is_known = connection.state == "ok" and not connection.failure_streak
        # who holds the row is another answer, about to say the same
        if connection and not is_known and try_take_rows(connection):
            connection._set_ok()

    # === Answers given before === #

    def _find_in_cache(self, plan: Plan, door, outcome: Outcome) -> bool:
        if not plan.cache_hours:
            return False
        text = self._in_transaction(type(self)._read_cache, plan, outcome.content_hash)
        if not text:
            return False
        outcome.result = self.env[plan.task_name]._ai_result.model_validate_json(text)
        outcome.door, outcome.is_cache_hit = door, True
        outcome.reason = None
        outcome.steps.append(Step(door.name, "cache"))
        return True

    def _read_cache(self, plan: Plan, content_hash: str) -> str | None:
        call = self.env["crm.ai.call"].browse(plan.call_id)
        since = fields.Datetime.now() - timedelta(hours=plan.cache_hours)
        found = call.search(
            [
                ("content_hash", "=", content_hash),
                ("state", "=", "done"),
                ("answered_by", "=", "model"),
                ("company_id", "=", call.company_id.id),
                ("create_date", ">=", since),
                ("decision", "!=", "dismissed"),
            ],
            limit=1,
        )
        return found.result_text or None


def _masked(request, pseudonyms):
    """Return the request without personal values."""

    def masked_call(call):
        return replace(call, arguments=map_texts(dict(call.arguments), pseudonyms.mask))

    messages = tuple(
        replace(
            message,
            text=pseudonyms.mask(message.text),
            tool_calls=tuple(map(masked_call, message.tool_calls)),
        )
        for message in request.messages
    )
    return replace(request, system=pseudonyms.mask(request.system), messages=messages)


def _as_text(talks) -> str:
    """Return what is sent, repairs and results of tools included, for the register."""
    return "\n\n---\n\n".join(
        "\n\n".join([talk.request.system, *(m.text for m in talk.request.messages)])
        for talk in talks
    )
