"""What the runner carries from one transaction to the next: no records, no cursor."""

from dataclasses import asdict, dataclass, field

from pydantic import BaseModel

from ..lib.budget import Prices
from ..lib.inputs import TaskInputs
from ..lib.messages import ClientConfig, ModelRequest, Usage
from ..lib.routing import Reason
from ..providers.flight import Sound


@dataclass(frozen=True)
class Door:
    """One model that may be asked.

    :param is_well: it answered the last time; there is no health to note
    """

    connection_id: int
    name: str
    provider: str
    config: ClientConfig
    client_class: type
    is_masked: bool
    prices: Prices
    parallel: int
    is_well: bool = False


@dataclass(frozen=True)
class Step:
    """What came of asking, or not asking, one model."""

    name: str
    outcome: str
    ms: int = 0
    detail: str = ""

    def as_dict(self) -> dict:
        """Return the step as the register keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Person:
    """Who asked, in which language, time zone and company."""

    user_id: int
    lang: str
    tz: str
    company_id: int

    def get_call(self, env, call_id: int):
        """Return the call in the rights, company and language of who asked."""
        context = {
            "lang": self.lang,
            "tz": self.tz,
            "allowed_company_ids": [self.company_id],
        }
        return env(user=self.user_id, context=context)["crm.ai.call"].browse(call_id)


@dataclass
class Plan:
    """Everything needed to ask, read in one transaction.

    :param requests: one per part, not masked
    :param sounds: pieces of a recording instead
    :param skipped: models passed over, and why
    :param reason: why no model is asked at all; :param message: its sentence
    :param is_regression: a case says what it expects: there is no record to compare
    """

    call_id: int
    person: Person
    task_name: str
    inputs: TaskInputs
    parts: list[TaskInputs] = field(default_factory=list)
    requests: list[ModelRequest] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    skipped: list[Step] = field(default_factory=list)
    prompt_version_id: int | None = None
    reason: Reason | None = None
    message: str = ""
    cache_hours: int = 0
    is_regression: bool = False


@dataclass
class Outcome:
    """What came of it all.

    :param bills: (usage, prices) per model that was asked, for the cost
    :param question: what was sent to the model that answered
    """

    result: BaseModel | None = None
    reason: Reason | None = None
    message: str = ""
    door: Door | None = None
    model: str = ""
    usage: Usage = field(default_factory=Usage)
    bills: list[tuple[Usage, Prices]] = field(default_factory=list)
    provider_ms: int = 0
    steps: list[Step] = field(default_factory=list)
    question: str = ""
    answer: str = ""
    content_hash: str = ""
    is_cache_hit: bool = False
