import os
from datetime import timedelta

from odoo import models

from ..lib.dice import Dice

AI_VARIABLE = "CRM_STANDIN_OPENAI_URL"
AI_PARAMETER = "crm_demo.standin_openai_url"
AI_NOWHERE = "http://127.0.0.1:9/v1"
MODEL = "gpt-standin"
# A month of use: answers per working day, share by decision, in percent.
DAYS, PER_DAY = 42, 5
DECISIONS, WEIGHTS = ("accepted", "edited", "dismissed", False), (45, 35, 8, 12)
SEED = 20260302


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _get_chapters(self):
        return [*super()._get_chapters(), "ai"]

    def _is_ready(self, chapter):
        if chapter == "ai":
            return self.env["crm.secret"]._status() == "ok"
        return super()._is_ready(chapter)

    def _tell_ai(self):
        """A model at the stand-in, a budget, six weeks of use behind it."""
        url = self._get_models_url() or AI_NOWHERE
        self._set_parameter(AI_PARAMETER, url)
        company = self._recall("company", "lumen")
        connection = self.env["crm.connection"].create(
            {
                "name": self.env._("Demo model"),
                "provider": "openai",
                "company_id": company.id,
                "base_url": url,
                "ai_model": MODEL,
                "ai_audio_model": "whisper-1",
                "ai_api_key": "standin_key",
                "ai_price_in": 0.4,
                "ai_price_out": 1.6,
                "ai_price_audio": 0.006,
                "responsible_id": self._recall_id("user", "thomas"),
            }
        )
        self._remember("ai_connection", ["demo"], connection)
        self.env["crm.ai.route"].create(
            {"company_id": company.id, "connection_id": connection.id}
        )
        self.env["crm.ai.budget"].create(
            {
                "company_id": company.id,
                "measure": "cost",
                "limit_value": 20,
                "responsible_id": self._recall_id("user", "thomas"),
            }
        )
        self._tell_ai_use(company, connection)

    def _tell_ai_use(self, company, connection):
        """Rows of the register without texts: those of the past are purged."""
        prompts = self.env["crm.ai.prompt"].search([("feature_id.needs", "=", "text")])
        people = [self._recall("user", key) for key in ("lucas", "marie", "sophie")]
        dice, today, rows, days = Dice(SEED), self._get_today(), [], []
        for back in range(DAYS, 0, -1):
            day = today - timedelta(days=back)
            if day.weekday() > 4 or not prompts:
                continue
            for number in range(PER_DAY):
                rows.append(
                    self._prepare_ai_use(dice, prompts, people, company, connection)
                )
                days.append((day, 9 + number))
        calls = self.env["crm.ai.call"].create(rows)
        for call, (day, hour) in zip(calls, days, strict=True):
            # the register is written as things happen: nothing sets its date
            self.env.cr.execute(
                "UPDATE crm_ai_call SET create_date = %s WHERE id = %s",
                [f"{day} {hour}:15:00", call.id],
            )

    def _prepare_ai_use(self, dice, prompts, people, company, connection):
        decision = dice.weighted(DECISIONS, WEIGHTS)
        prompt = dice.pick(prompts)
        by_rules = dice.between(1, 100) <= 7
        values = {
            "feature_id": prompt.feature_id.id,
            "company_id": company.id,
            "user_id": dice.pick(people).id,
            "state": "done",
            "decision": decision,
            "edit_pct": dice.between(2, 30) if decision == "edited" else 0,
            "dismiss_code": "not_useful" if decision == "dismissed" else False,
            "duration_ms": dice.between(900, 3100),
            "is_purged": True,
        }
        if by_rules:
            reason = self.env["crm.ai.call"]._get_fallback_reason("unavailable")
            return {
                **values,
                "answered_by": "rules",
                "fallback_code": "unavailable",
                "fallback_reason": reason,
            }
        tokens_in, tokens_out = dice.between(700, 1600), dice.between(120, 320)
        return {
            **values,
            "answered_by": "model",
            "connection_id": connection.id,
            "provider": "openai",
            "model": MODEL,
            "prompt_version_id": prompt.active_version_id.id,
            "tokens_in": tokens_in,
            "tokens_out": tokens_out,
            "cost": (tokens_in * 0.4 + tokens_out * 1.6) / 1_000_000,
        }

    def _get_models_url(self) -> str:
        return os.environ.get(AI_VARIABLE, "").rstrip("/")

    def _get_environment_changes(self):
        """Follow the stand-in when it has moved; a real model is left alone."""
        changes = super()._get_environment_changes()
        url, known = self._get_models_url(), self._get_parameter(AI_PARAMETER)
        if not url or not known or url == known:
            return changes
        connection = self._recall_if_told("ai_connection", "demo").sudo()
        parameter = self.env["ir.config_parameter"].sudo()
        parameter = parameter.search([("key", "=", AI_PARAMETER)])
        if connection and connection.base_url == known:
            changes = [*changes, (connection, {"base_url": url})]
        return [*changes, (parameter, {"value": url})]
