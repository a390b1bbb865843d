"""An agency with a seller and one deal, and what was said in its meeting."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from tests.e2e.copilot_world import SalesAgency
from tests.unit.crm_ai_meeting.long_meeting import BIOTECH, Story

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WATCHED = ("crm_lead", "mail_message", "mail_activity", "calendar_event", "res_partner")


def day_after(weekday: str) -> date:
    """The next day of that name after today."""
    today = date.today()
    return today + timedelta((WEEKDAYS.index(weekday) - today.weekday()) % 7 or 7)


def quarter_end(quarter: int) -> date:
    """The end of that quarter, this year's or the next one's."""
    today = date.today()
    month = 3 * quarter
    end = date(today.year, month, calendar.monthrange(today.year, month)[1])
    return end if end >= today else end.replace(year=today.year + 1)


@dataclass(frozen=True)
class Figures:
    """A meeting and what its summary must say.

    :param promises: (words of the action, day of the week it is due)
    :param places: (kind of line, words of the segment it points at)
    """

    deal: str
    client: str
    story: Story
    budget: float
    quarter: int
    decider: str
    rival: str
    promises: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]

    @property
    def deadline(self) -> str:
        return f"T{self.quarter}"

    def actions(self) -> list[tuple[str, date]]:
        return [(words, day_after(weekday)) for words, weekday in self.promises]


JOURNEY = Figures(
    deal="Biotech - refonte",
    client="Biotech SA",
    story=BIOTECH,
    budget=50000,
    quarter=2,
    decider="DG",
    rival="Webvision",
    promises=(("proposition technique", "vendredi"), ("démo", "mardi")),
    places=(
        ("budget", "50 000 EUR"),
        ("deadline", "deuxième trimestre"),
        ("decision_maker", "directrice générale"),
        ("rival", "Webvision"),
        ("action", "proposition technique"),
        ("objection", "délai"),
    ),
)
FACTORY = Figures(
    deal="Portail revendeurs",
    client="Fonderie Astier",
    story=Story(
        "Inès Vidal",
        "Gaëlle Astier",
        (
            ("c", "Notre budget pour ce portail est de 72 500 euros, pas davantage."),
            ("s", "Et pour les délais ?"),
            ("c", "Il faut que le portail soit livré au quatrième trimestre."),
            ("c", "C'est notre DAF qui tranche, je lui ferai suivre."),
            ("c", "Pouvez-vous aussi nous montrer une maquette ?"),
            ("s", "+Je vous envoie la maquette avant jeudi."),
            ("s", "Je vous prépare le planning détaillé pour lundi."),
            ("c", "Pour être transparente, on consulte aussi Studio Mélèze."),
            ("c", "J'hésite encore, la migration me paraît risquée."),
        ),
    ),
    budget=72500,
    quarter=4,
    decider="DAF",
    rival="Studio Mélèze",
    promises=(("maquette", "jeudi"), ("planning", "lundi")),
    places=(
        ("budget", "72 500 euros"),
        ("deadline", "quatrième trimestre"),
        ("decision_maker", "DAF"),
        ("rival", "Mélèze"),
        ("action", "maquette"),
        ("objection", "migration"),
    ),
)


class Agency(SalesAgency):
    """One deal of one seller, whose meeting is to be summed up."""

    amount = 1200.0

    def __init__(self, site, name: str, figures: Figures):
        super().__init__(site, name, "Sophie Durand")
        self.seller_name = figures.story.seller
        hired = self.hire(self.seller_name)
        self.seller, self.seller_id = hired.login, hired.user_id
        address = f"contact@{self.key}-client.example"
        partner = self.add_client(figures.story.client, address, figures.client)
        self.lead_id = self.add_deal(hired, figures.deal, partner, self.amount)

    def connect_model(self, url: str) -> int:
        connection = super().connect_model(url)
        values = {"ai_audio_model": "whisper-1"}
        self.rpc.call("crm.connection", "write", [connection], values)
        return connection

    def snapshot(self) -> tuple:
        """The deal as it is in the database, and how many rows the tables hold.

        Not its score, which a job computes when it likes.
        """
        row = self.site.sql(
            "SELECT jsonb_object_agg(key, value) FROM crm_lead l,"
            " jsonb_each(to_jsonb(l))"
            f" WHERE id = {self.lead_id} AND NOT starts_with(key, 'ai_')"
        )
        counts = [self.site.sql(f"SELECT count(*) FROM {table}") for table in WATCHED]
        return row, counts

    def summaries(self) -> list[dict]:
        return self.rpc.call(
            "crm.meeting.summary",
            "search_read",
            [("lead_id", "=", self.lead_id)],
            [
                "state", "approved_by_id", "purge_date", "answered_by", "source",
                "segment_count", "problem_code",
            ],
        )  # fmt: skip

    def activities(self) -> list[dict]:
        return self.rpc.call(
            "mail.activity",
            "search_read",
            [("res_model", "=", "crm.lead"), ("res_id", "=", self.lead_id)],
            ["summary", "date_deadline", "user_id"],
            order="date_deadline",
        )

    def chunks(self) -> int:
        """How many chunks of recordings have arrived."""
        domain = [("summary_id.lead_id", "=", self.lead_id)]
        return self.rpc.call("crm.meeting.chunk", "search_count", domain)

    def last_note(self) -> str:
        (message,) = self.rpc.call(
            "mail.message",
            "search_read",
            [("model", "=", "crm.lead"), ("res_id", "=", self.lead_id)],
            ["body"],
            order="id desc",
            limit=1,
        )
        return message["body"]

    def calls(self, feature: str) -> list[dict]:
        return self.rpc.call(
            "crm.ai.call",
            "search_read",
            [
                ("company_id", "=", self.company_id),
                ("feature_id.code", "=", feature),
            ],
            ["state", "decision", "answered_by", "parts", "duration_ms"],
        )
