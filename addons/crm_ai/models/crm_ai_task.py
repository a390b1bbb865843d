from pydantic import BaseModel

from odoo import models

from ..lib.inputs import TaskInputs
from ..lib.messages import Tool, ToolCall


class CrmAiTask(models.AbstractModel):
    """What one feature asks of a model; a subclass per feature.

    A subclass is an abstract model of its addon that inherits this one. Its methods
    run as the person who asked, with that person's rights, unless said otherwise.
    """

    _name = "crm.ai.task"
    _description = "Task for a Language Model"

    # code of the `crm.ai.feature` this answers
    _ai_feature: str = ""
    # shape of the answer; its fields are required, without limits (see lib/structured)
    _ai_result: type[BaseModel] = BaseModel
    # field of the result that is shown while it grows
    _ai_stream_field: str = ""
    # field that takes the answer as it is: no schema is asked (conversations); the
    # other fields of the result then have defaults
    _ai_text_field: str = ""
    # whether screens may ask by themselves (`crm.ai.call.ask`); then `params` are
    # checked by `_prepare_inputs`
    _ai_is_public: bool = False
    # "text", or "audio": the model transcribes what `_prepare_audio` returns
    _ai_kind: str = "text"
    _ai_max_output_tokens: int = 1500
    # rounds of tools in one conversation
    _ai_max_rounds: int = 6

    def _prepare_inputs(self, call) -> TaskInputs:
        """Return what goes into the prompt.

        :param call: the `crm.ai.call`; its `_get_record()` and `_get_params()` say
            about what
        """
        raise NotImplementedError

    def _get_prompt_code(self, call) -> str:
        """Return the code of the prompt to use."""
        return self._ai_feature

    def _split_inputs(self, call, inputs: TaskInputs) -> list[TaskInputs]:
        """Return the parts to be asked separately, at the same time."""
        return [inputs]

    def _merge_results(self, call, inputs: TaskInputs, results: list) -> BaseModel:
        """Return one result from those of several parts, in order."""
        return results[0]

    def _check_result(self, call, inputs: TaskInputs, result) -> list[str]:
        """Return what is wrong with a well-formed result; the model may repair it.

        Sentences in English, for the model.
        """
        return []

    def _answer_by_rules(self, call, inputs: TaskInputs) -> BaseModel:
        """Return the answer without any model; must always work."""
        raise NotImplementedError

    def _get_draft_text(self, result: BaseModel) -> str:
        """Return the answer as a person reads it, to compare with what was sent."""
        name = self._ai_stream_field or self._ai_text_field
        if name:
            return str(getattr(result, name))
        texts = [v for v in result.model_dump().values() if isinstance(v, str)]
        return max(texts, key=len, default="")

    def _on_answer(self, call, result: BaseModel) -> None:
        """Keep the answer where the feature wants it (never on a customer's record)."""

    def _on_failure(self, call) -> None:
        """Tell the feature that nothing came (cancelled, or the rules failed)."""

    # === Sound === #

    def _prepare_audio(self, call) -> list[tuple[str, bytes, float]]:
        """Return (file name, content, start in seconds) of each piece, in order."""
        raise NotImplementedError

    # === Tools === #

    def _get_tools(self, call) -> tuple[Tool, ...]:
        """Return what the model may call; a tool only reads or proposes."""
        return ()

    def _run_tool(self, call, tool_call: ToolCall) -> str:
        """Return the result of a tool as text (JSON), errors included."""
        raise NotImplementedError
