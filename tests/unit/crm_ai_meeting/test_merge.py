"""Parts become one, what was left out is filled in, small tables hold."""

import pytest

from odoo.addons.crm_ai.lib.messages import Segment
from odoo.addons.crm_ai_meeting.lib.activity_kinds import activity_kind
from odoo.addons.crm_ai_meeting.lib.complete import complete
from odoo.addons.crm_ai_meeting.lib.merge import MAX_KEY_POINTS, merge
from odoo.addons.crm_ai_meeting.lib.results import MeetingResult
from odoo.addons.crm_ai_meeting.lib.sounds import is_sound, sound_ending
from odoo.addons.crm_ai_meeting.lib.stored import dump_segments, load_segments

EMPTY = {
    "key_points": [], "decisions": [], "actions": [], "budget": None, "deadline": None,
    "decision_maker": None, "rivals": [], "objections": [], "mood": None,
}  # fmt: skip


def make(**values):
    return MeetingResult.model_validate(EMPTY | values)


def at(segment, **values):
    return {"segment": segment, "also": [], **values}


def test_what_two_parts_say_is_kept_once_with_both_places():
    one = make(rivals=[at(3, name="Novatech")])
    other = make(rivals=[at(90, name="Novatech"), at(95, name="Koba")])
    rivals = merge([one, other]).rivals
    assert [(r.name, r.segment, r.also) for r in rivals] == [
        ("Novatech", 3, [90]),
        ("Koba", 95, []),
    ]


def test_the_later_budget_counts_and_shows_both_places():
    one = make(budget=at(3, amount=40000, currency="EUR"))
    other = make(budget=at(90, amount=55000, currency="EUR"))
    budget = merge([one, make(), other]).budget
    assert (budget.amount, budget.segment, budget.also) == (55000, 90, [3])


def test_an_action_takes_the_later_date_and_owner():
    first = at(3, what="Envoyer la proposition technique", owner="Ana", due=None)
    again = at(90, what="Envoyer la proposition technique", owner=None, due="vendredi")
    (action,) = merge([make(actions=[first]), make(actions=[again])]).actions
    assert (action.owner, action.due, action.also) == ("Ana", "vendredi", [90])


def test_a_name_said_once_is_not_lost_by_a_shorter_repetition():
    one = make(decision_maker=at(3, name="DG (Mme Leroy)"))
    other = make(decision_maker=at(90, name="DG"))
    assert merge([one, other]).decision_maker.name == "DG (Mme Leroy)"


def test_a_change_of_mood_is_mixed():
    one = make(mood=at(3, label="negative", reason="Inquiet."))
    other = make(mood=at(90, label="positive", reason="Ravi."))
    assert merge([one, other]).mood.label == "mixed"
    assert merge([make(), other]).mood.label == "positive"


def test_key_points_of_many_parts_are_thinned_out():
    parts = [
        make(
            key_points=[
                at(10 * p + n, text=f"Sujet {p}{n} unique{p}x{n}") for n in range(7)
            ]
        )
        for p in range(4)
    ]
    points = merge(parts).key_points
    assert len(points) == MAX_KEY_POINTS
    assert [p.segment for p in points] == sorted(p.segment for p in points)


def test_what_a_model_left_out_is_filled_in_and_nothing_else():
    said = make(budget=at(1, amount=10, currency="EUR"))
    found = make(
        budget=at(2, amount=99, currency="EUR"), rivals=[at(3, name="Novatech")]
    )
    whole = complete(said, found)
    assert (whole.budget.amount, whole.rivals[0].name) == (10, "Novatech")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Organiser une démo", "meeting"),
        ("Planifier un atelier", "meeting"),
        ("Rappeler Mme Petit", "call"),
        ("Envoyer la proposition", "todo"),
    ],
)
def test_kinds_of_activities(text, kind):
    assert activity_kind(text) == kind


@pytest.mark.parametrize(
    ("name", "content", "sound"),
    [
        ("a.mp3", b"ID3abc", True),
        ("a.webm", b"\x1aE\xdf\xa3abc", True),
        ("a.m4a", b"\x00\x00\x00\x18ftypM4A ", True),
        ("a.mp3", b"Bonjour", False),
        ("a.txt", b"ID3abc", False),
    ],
)
def test_sounds_are_known_by_their_first_bytes(name, content, sound):
    assert is_sound(name, content) is sound


def test_endings_and_stored_segments():
    assert sound_ending("audio/mp4") == ".m4a"
    assert sound_ending("nonsense") == ".webm"
    segments = (Segment("Été", 1.5, None, "Ana"), Segment("Oui"))
    assert load_segments(dump_segments(segments)) == segments
    assert load_segments("") == ()
