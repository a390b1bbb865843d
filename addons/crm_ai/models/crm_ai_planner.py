import hashlib

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_base.lib.errors import ConfigurationError

from ..lib import prompts, structured
from ..lib.inputs import TaskInputs
from ..lib.messages import Message, ModelRequest
from ..lib.routing import NEEDS
from ..providers.flight import Sound
from .ai_plan import Door, Person, Plan, Step


class CrmAiPlanner(models.AbstractModel):
    """Decides whom to ask and what, in the environment of the person who asked."""

    _name = "crm.ai.planner"
    _description = "Planner of AI Calls"

    def _plan(self, call, person: Person) -> Plan:
        """Return the plan of a call.

        :param call: as the person who asked
        """
        task, register = call._get_task(), call.sudo()
        inputs = self._get_inputs(call, task)
        plan = Plan(
            call_id=call.id,
            person=person,
            task_name=task._name,
            inputs=inputs,
            cache_hours=register.feature_id.cache_hours,
            is_regression=register.purpose == "regression",
        )
        self._find_doors(call, plan)
        if plan.doors and task._ai_kind == "audio":
            plan.sounds = [Sound(*piece) for piece in task._prepare_audio(call)]
            register.parts = len(plan.sounds)
        elif plan.doors:
            self._prepare_requests(call, task, plan)
            register.parts = len(plan.parts)
        return plan

    def _get_inputs(self, call, task) -> TaskInputs:
        """Return the inputs of the task, or those of a regression case."""
        register = call.sudo()
        if register.purpose != "regression":
            return task._prepare_inputs(call)
        case = self.env["crm.ai.prompt.case"].browse(call._get_params()["case_id"])
        return TaskInputs(
            facts=case.sudo()._read_json("facts"),
            texts=case.sudo()._read_json("texts"),
        )

    # === Whom === #

    def _find_doors(self, call, plan: Plan):
        """Fill in the models to ask, in order, and why others are passed over."""
        register = call.sudo()
        feature, company = register.feature_id, register.company_id
        try:
            call.env["crm.hook"]._check_entitlement(f"ai.{feature.code}", company)
        except UserError as error:
            plan.reason, plan.message = "budget", str(error.args[0])
            return
        routes = self.env["crm.ai.route"]._get_routes(feature, company)
        for connection in routes.connection_id:
            reason = self._why_not(connection, feature)
            if not reason:
                try:
                    plan.doors.append(self._prepare_door(connection))
                except ConfigurationError as error:
                    reason = "configuration"
                    plan.skipped.append(Step(connection.name, reason, 0, str(error)))
            else:
                plan.skipped.append(Step(connection.name, reason))
        if not plan.doors:
            skipped = plan.skipped[-1].outcome if plan.skipped else None
            plan.reason = skipped or "no_model"

    def _why_not(self, connection, feature) -> str | None:
        """Return why a model cannot be asked now, None when it can."""
        need = NEEDS.get(feature.needs)
        if need and not getattr(connection._get_ai_capabilities(), need):
            return "not_capable"
        is_resting = (
            connection.resume_at and connection.resume_at > fields.Datetime.now()
        )
        if connection.state == "off" or not connection.active or is_resting:
            return "paused"
        return "authentication" if connection.is_paused else None

    def _prepare_door(self, connection) -> Door:
        return Door(
            connection_id=connection.id,
            name=connection.name,
            provider=connection.provider,
            config=connection._get_ai_config(),
            client_class=connection._get_ai_client_class(connection.provider),
            is_masked=connection.ai_is_masked,
            prices=connection._get_ai_prices(),
            parallel=connection.max_parallel,
            is_well=connection.state == "ok" and not connection.failure_streak,
        )

    # === What === #

    def _prepare_requests(self, call, task, plan: Plan):
        version = self._get_version(call, task)
        if not version:
            plan.doors, plan.reason = [], "prompt"
            return
        plan.prompt_version_id = version.id
        plan.parts = [plan.inputs]
        if call.sudo().purpose != "regression":
            plan.parts = task._split_inputs(call, plan.inputs)
        tools = task._get_tools(call)
        schema = None
        if not task._ai_text_field:
            schema = structured.schema_of(task._ai_result)
        # an opaque name for the vendor's abuse desk, the same from call to call
        secret = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        tag = hashlib.sha256(f"{secret}:{call.env.uid}".encode()).hexdigest()[:32]
        for part in plan.parts:
            rendered = prompts.render(
                version.system_text, version.user_text, part.facts, part.texts
            )
            plan.requests.append(
                ModelRequest(
                    system=rendered.system,
                    messages=(*part.history, Message("user", rendered.user)),
                    schema=schema,
                    schema_name=task._ai_result.__name__,
                    tools=tools,
                    max_output_tokens=task._ai_max_output_tokens,
                    user_tag=tag,
                )
            )

    def _get_version(self, call, task):
        """Return the version asked for (preview, regression) or the one in use."""
        versions = self.env["crm.ai.prompt.version"].sudo()
        wanted = call._get_params().get("prompt_version_id")
        if wanted and call.sudo().purpose != "use":
            return versions.browse(wanted).exists()
        return self.env["crm.ai.prompt"]._get_active_version(
            task._get_prompt_code(call)
        )
