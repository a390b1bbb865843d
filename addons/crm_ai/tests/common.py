"""A small task and a scripted model, for tests of the engine and of AI addons."""

import json
import time
from collections import deque
from unittest.mock import patch

from pydantic import BaseModel, ConfigDict

from odoo import models
from odoo.tests.common import new_test_user

from odoo.addons.crm_base.tests.common import SecretKeyMixin, SecretModelCase

from ..lib.inputs import Identity, Source, TaskInputs
from ..lib.messages import ModelAnswer, Segment, Tool, TranscriptAnswer, Usage

FEATURE = "test.note"
PARTS = "test.parts"
CHAT = "test.chat"
SOUND = "test.sound"


class NoteResult(BaseModel):
    """What the test task answers."""

    model_config = ConfigDict(extra="forbid")

    title: str
    body: str


class ChatResult(BaseModel):
    """What the test conversation answers."""

    text: str = ""


class ScriptedModel:
    """Plays a client: hands out what was queued and remembers every request.

    An item is text, a dict (sent as JSON), a `ModelAnswer`, or an error to raise.
    """

    def __init__(self):
        self.queue = deque()
        self.requests = []
        self.heard = []
        # seconds between the two halves of a streamed answer
        self.pause_seconds = 0

    def says(self, *items):
        self.queue.extend(items)

    def __call__(self, config):
        self.config = config
        return self

    def complete(self, request, on_text=None, is_cancelled=None):
        self.requests.append(request)
        item = self.queue.popleft() if len(self.queue) else {"title": "T", "body": "B"}
        if isinstance(item, Exception):
            raise item
        if callable(item):
            item = item(request)
        if isinstance(item, ModelAnswer):
            return item
        text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
        if on_text:
            half = len(text) // 2
            on_text(text[:half])
            time.sleep(self.pause_seconds)
            on_text(text[half:])
        return ModelAnswer(text, "normal", Usage(1000, 100), model="scripted-1")

    def transcribe(self, name, content, *, language, prompt=""):
        self.heard.append((name, content, language))
        segment = Segment(f"son {name}", 1.0, 2.0, "A")
        usage = Usage(audio_seconds=60)
        return TranscriptAnswer((segment,), "fr", usage, "whisper-test")

    def list_models(self):
        return ["scripted-1", "scripted-2"]

    def close(self):
        pass


def note_task():
    """Return a task: a question with one answer."""

    class NoteTask(models.AbstractModel):
        _module = None
        _name = "crm.ai.task.test.note"
        _description = "Test task"
        _inherit = "crm.ai.task"
        _ai_feature = FEATURE
        _ai_result = NoteResult
        _ai_stream_field = "body"
        _ai_is_public = True

        def _prepare_inputs(self, call):
            partner = call._get_record()
            identities = [
                Identity("person", partner.name),
                Identity("email", partner.email),
            ]
            return TaskInputs(
                facts={"facts": {"client": partner.name, "montant": "18 000 EUR"}},
                texts={"mail": f"Bonjour, {partner.name} <{partner.email}>"},
                identities=tuple(i for i in identities if i.value),
                sources=(Source("res.partner", partner.id, "Fiche"),),
            )

        def _check_result(self, call, inputs, result):
            return ["The title is forbidden."] if result.title == "bad" else []

        def _answer_by_rules(self, call, inputs):
            name = inputs.facts["facts"]["client"]
            return NoteResult(title="Règles", body=f"Bonjour {name}")

        def _on_answer(self, call, result):
            if result.title == "explode":
                raise ValueError("a bug of a feature")
            partner = call._get_record().sudo()
            partner.comment = result.body

        def _on_failure(self, call):
            call._get_record().sudo().comment = "failed"

    return NoteTask


def parts_task():
    """Return a task: a question asked in three parts."""

    class PartsTask(models.AbstractModel):
        _module = None
        _name = "crm.ai.task.test.parts"
        _description = "Test task in parts"
        _inherit = "crm.ai.task.test.note"
        _ai_feature = PARTS

        def _split_inputs(self, call, inputs):
            return [
                TaskInputs(facts={"facts": number}, texts={"mail": ""})
                for number in range(3)
            ]

        def _merge_results(self, call, inputs, results):
            titles = [result.title for result in results]
            return NoteResult(title=",".join(titles), body="")

    return PartsTask


def chat_task():
    """Return a task: a conversation with a tool."""

    class ChatTask(models.AbstractModel):
        _module = None
        _name = "crm.ai.task.test.chat"
        _description = "Test conversation"
        _inherit = "crm.ai.task.test.note"
        _ai_feature = CHAT
        _ai_result = ChatResult
        _ai_stream_field = ""
        _ai_text_field = "text"

        def _get_tools(self, call):
            return (Tool("look", "Look", {"type": "object", "properties": {}}),)

        def _run_tool(self, call, tool_call):
            who = tool_call.arguments.get("who")
            return json.dumps({"for": call.env.user.login, "who": who})

        def _check_result(self, call, inputs, result):
            return []

        def _answer_by_rules(self, call, inputs):
            return ChatResult(text="règles")

        def _on_answer(self, call, result):
            pass

    return ChatTask


def sound_task():
    """Return a task: a recording in two pieces."""

    class SoundTask(models.AbstractModel):
        _module = None
        _name = "crm.ai.task.test.sound"
        _description = "Test recording"
        _inherit = "crm.ai.task.test.note"
        _ai_feature = SOUND
        _ai_kind = "audio"

        def _prepare_audio(self, call):
            return [("a.webm", b"a", 0.0), ("b.webm", b"b", 60.0)]

        def _on_answer(self, call, result):
            pass

    return SoundTask


class AiMixin(SecretKeyMixin):
    """Gives the class models and tasks of its own; put it before the test case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "fr_FR" if cls._has_french() else "en_US"
        cls._add_tasks()
        cls.features = cls.env["crm.ai.feature"].create(
            [
                cls._prepare_feature(FEATURE, "note"),
                cls._prepare_feature(PARTS, "parts"),
                cls._prepare_feature(CHAT, "chat", needs="tools"),
                cls._prepare_feature(SOUND, "sound", needs="audio"),
            ]
        )
        cls.feature = cls.features[0]
        cls.prompts = cls.env["crm.ai.prompt"].create(
            [cls._prepare_prompt(feature) for feature in cls.features[:3]]
        )
        cls.connection = cls._make_model("Premier")
        cls.seller = new_test_user(
            cls.env, "ai_seller", groups="crm_base.crm_base_group_seller"
        )
        cls.partner = cls.env["res.partner"].create(
            {"name": "Zoé Quintard", "email": "zoe.quintard@exemple-client.fr"}
        )

    @classmethod
    def _has_french(cls):
        return bool(cls.env["res.lang"].search([("code", "=", "fr_FR")]))

    @classmethod
    def _prepare_feature(cls, code, task, needs="text"):
        return {
            "code": code,
            "name": code,
            "task_model": f"crm.ai.task.test.{task}",
            "needs": needs,
        }

    @classmethod
    def _prepare_prompt(cls, feature):
        inputs = [{"name": "facts"}, {"name": "mail", "kind": "text"}]
        return {
            "name": feature.code,
            "code": feature.code,
            "feature_id": feature.id,
            "input_ids": [(0, 0, line) for line in inputs],
            "version_ids": [
                (
                    0,
                    0,
                    {
                        "state": "active",
                        "system_text": "Tu écris.",
                        "user_text": "Faits : {{ facts }}\nMail : {{ mail }}",
                    },
                )
            ],
        }

    @classmethod
    def _make_model(cls, name, routed=True, **values):
        """Return a connection to a model, asked after those made before."""
        connection = cls.env["crm.connection"].create(
            {
                "name": name,
                "provider": "openai",
                "ai_model": "scripted",
                "ai_api_key": "sk-test-planted",
                "ai_price_in": 1,
                "ai_price_out": 2,
                "state": "ok",
                **values,
            }
        )
        if routed:
            cls.env["crm.ai.route"].create(
                {"connection_id": connection.id, "sequence": connection.id}
            )
        return connection

    @classmethod
    def _add_tasks(cls):
        tasks = [make() for make in (note_task, parts_task, chat_task, sound_task)]
        SecretModelCase.add_models.__func__(cls, *tasks)

    # Used by `add_models` to clean up.
    _remove_model = SecretModelCase.__dict__["_remove_model"]

    def setUp(self):
        super().setUp()
        self.llm = ScriptedModel()
        connections = type(self.env["crm.connection"])
        self.startPatch(
            patch.object(
                connections, "_get_ai_client_class", lambda _self, _provider: self.llm
            )
        )

    def startPatch(self, patcher):
        patcher.start()
        self.addCleanup(patcher.stop)

    def ask(self, code=FEATURE, user=None, run=True, **kwargs):
        """Ask about the client of the test and, unless told not to, run the job."""
        user = user or self.seller
        env = self.env(user=user.id, context={"lang": user.lang})
        record = self.partner.with_env(env)
        call = env["crm.ai.call"]._ask(code, record, **kwargs)
        if run:
            self.run_call(call)
        return call.sudo()

    def run_call(self, call):
        """Do what the job of a call does."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            call.sudo()._job_run()
        self.env.invalidate_all()
