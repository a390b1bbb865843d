"""What the stand-in remembers: switches, scripts, requests; what a call is about."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timezone

from .. import state

MODELS = ("gpt-standin", "gpt-standin-mini", "claude-standin")
SOUND_MODELS = ("whisper-1", "gpt-4o-transcribe", "gpt-4o-transcribe-diarize")
DEFAULT_KEY = "standin_key"


@dataclass
class Settings(state.Settings):
    """Switches that a test or a demo may turn.

    :ivar piece_chars: length of the pieces of a stream
    :ivar piece_seconds: pause between them
    :ivar gullible: obeys orders found in the texts it is given, as models do
    :ivar sends_usage: counts tokens, also at the end of streams that ask for it
    :ivar strict: refuses fields it does not know, as some local servers do
    :ivar loose: arguments as objects, `stop` for tool calls: as others do
    """

    piece_chars: int = 24
    piece_seconds: float = 0.0
    gullible: bool = False
    sends_usage: bool = True
    strict: bool = False
    loose: bool = False


@dataclass
class Call:
    """A tool that the model calls."""

    name: str
    arguments: dict


@dataclass
class Turn:
    """One turn of the conversation."""

    role: str
    text: str
    calls: tuple = ()


@dataclass
class Question:
    """What is asked, whoever's API it came through.

    :ivar tools: {name: (description, schema of the arguments)}
    """

    model: str
    system: str
    turns: list
    schema: dict | None = None
    tools: dict = field(default_factory=dict)
    max_tokens: int = 0

    @property
    def last(self):
        return self.turns[-1] if self.turns else Turn("user", "")

    @property
    def text(self):
        """What the person's turns say."""
        return "\n\n".join(turn.text for turn in self.turns if turn.role == "user")

    @property
    def everything(self):
        return "\n\n".join([self.system, *(turn.text for turn in self.turns)])


@dataclass
class Reply:
    """What is answered. :ivar end: stop, length, tool or refusal"""

    text: str = ""
    calls: list = field(default_factory=list)
    end: str = "stop"
    tokens_in: int = 0
    tokens_out: int = 0


class State(state.State):
    """With the answers that are prepared."""

    settings_class = Settings

    def __init__(self, now):
        super().__init__(now)
        self.scripts = []
        self.transcripts = []
        self._numbers = itertools.count(1)

    def new_id(self, prefix):
        return f"{prefix}{next(self._numbers):08d}standin"

    @property
    def today(self):
        return datetime.fromtimestamp(self.now(), timezone.utc).date()

    def reset(self):
        super().reset()
        with self.lock:
            self.scripts.clear()
            self.transcripts.clear()
