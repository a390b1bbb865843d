"""A local server that speaks as OpenAI and as Anthropic do.

Standard library only. From the top of the checkout:
``python -m tests.standins.llm --port 12114``. In a test:
``with LlmStandin() as standin: ...`` (a free port on 127.0.0.1); OpenAI's API is under
``standin.openai_url``, Anthropic's under ``standin.anthropic_url``.

It answers what a script says (back door ``script``), else by rules: French, from the
facts of the question, in the shape that is asked.
"""

from .server import LlmStandin

__all__ = ["LlmStandin"]
