"""Tables and texts: what Yousign's words mean, what it accepts."""

import io
import zipfile

import pytest

from odoo.addons.crm_integrations.lib.webhook import WebhookRefusedError
from odoo.addons.crm_sign_yousign.lib import (
    archives,
    payloads,
    places,
    signature,
    states,
    wording,
)
from odoo.addons.crm_sign_yousign.lib.states import Fact, Progress, next_step

A4 = (595.28, 841.89)
REQUEST_WORDS = "draft approval rejected ongoing paused declined expired canceled"
SIGNER_WORDS = "initiated notified verified processing consent_given signed declined"


def test_every_word_of_the_vendor_has_a_meaning():
    assert set(states.REQUEST_STATES) == {*REQUEST_WORDS.split(), "deleted", "done"}
    assert set(states.SIGNER_STATES) == {*SIGNER_WORDS.split(), "aborted", "error"}
    assert states.request_fact("invented") is Fact.NOTHING
    assert states.signer_fact("invented") is Fact.NOTHING
    assert states.request_fact("done") is Fact.DONE
    assert states.signer_fact("consent_given") is Fact.IDENTIFIED


def test_what_is_open_there_is_cancelled_and_a_draft_deleted():
    for word, fact in states.REQUEST_STATES.items():
        expected = {Fact.SENT: "cancel", Fact.NOTHING: "delete"}.get(fact)
        assert states.CANCEL_BY.get(word) == expected


@pytest.mark.parametrize(
    ("progress", "step"),
    [
        (Progress(False, (1, 2), (3,)), ("create", None)),
        (Progress(True, (1, 2), (3,)), ("document", 1)),
        (Progress(True, (), (3, 4)), ("signer", 3)),
        (Progress(True, (), ()), ("activate", None)),
    ],
)
def test_a_sending_goes_step_by_step(progress, step):
    assert next_step(progress) == step


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Marie Dupont", ("Marie", "Dupont")),
        ("DUPONT Marie", ("Marie", "DUPONT")),
        ("LE GALL Yann-Mar\u0113", ("Yann-Mar\u0113", "LE GALL")),
        ("M. Jean  de La Tour", ("Jean", "de La Tour")),
        ("Cher", ("", "Cher")),
        ("MARIE DUPONT", ("MARIE", "DUPONT")),
        (
            "\u0141ukasz \u017b\u00f3\u0142\u0107",
            ("\u0141ukasz", "\u017b\u00f3\u0142\u0107"),
        ),
        ("\u674e \u5c0f\u9f99", ("", "")),
        ("Zo\u00e9 \u2605 M\u00fcller (DG)", ("Zo\u00e9", "M\u00fcller (DG)")),
        ("L\u00e6titia O\u2019Brien", ("Laetitia", "O'Brien")),
    ],
)
def test_names_are_cut_and_cleaned(name, parts):
    assert wording.split_name(name) == parts


def test_subjects_and_notes_lose_what_is_refused():
    text = wording.clean_text("Voir <b>https://x.example</b> et www.y.example", 99)
    assert not set("<>") & set(text)
    assert "http" not in text and "www." not in text
    assert wording.clean_text("mot " * 50, 20) == "mot mot mot mot\u2026"
    assert wording.clean_text("a\x00b\nc", 9) == "a b\nc"


def test_files_have_names_of_their_own():
    names = wording.file_names(["a/b.pdf", "A-B.PDF", " ", "x" * 200])
    assert names[:3] == ["a-b", "A-B (2)", "document"]
    assert len(names[3]) <= 128


@pytest.mark.parametrize(
    ("lang", "code"), [("fr_FR", "fr"), ("nl_BE", "nl"), ("pt_BR", "en"), (None, "fr")]
)
def test_languages(lang, code):
    assert wording.locale(lang) == code


def test_places_are_whole_numbers_inside_the_page():
    place = places.Place("signature", 2, 580.4, 835.6, 20, 10, A4)
    field = places.to_field(place, "d")
    assert (field["width"], field["height"]) == (85, 37)
    assert (field["x"], field["y"], field["page"]) == (510, 804, 2)
    box = places.to_field(places.Place("checkbox", 1, 1, 1, 500, 500, A4), "d")
    assert (box["size"], box["optional"], box["checked"]) == (240, False, False)
    text = places.to_field(
        places.Place("text", 1, 10, 10, 120, 20, A4, "Ville", False), "d"
    )
    assert (text["question"], text["optional"], text["max_length"]) == (
        "Ville",
        True,
        20,
    )
    assert places.to_field(place.__class__("date", 1, 1, 1, 9, 9, A4), "d")["mention"]
    assert places.to_field(place.__class__("initials", 1, 1, 1, 9, 9, A4), "d") is None


@pytest.mark.parametrize(
    ("x", "y", "area"),
    [
        (10, 10, ("top-left", 10)),
        (270, 800, ("bottom-center", 12)),
        (540, 800, ("bottom-right", 12)),
    ],
)
def test_initials_go_where_the_first_one_is(x, y, area):
    other = places.Place("signature", 1, 0, 0, 90, 40, A4)
    place = places.Place("initials", 1, x, y, 40, 30, A4)
    found = places.initials([other, place])
    assert (found["alignment"], found["y"]) == area
    assert places.initials([other]) is None


def test_people_without_a_place_sign_beside_each_other():
    spots = {
        (round(p.x), round(p.y))
        for p in (places.default_place(rank, 3, A4) for rank in range(9))
    }
    assert len(spots) == 9
    assert all(0 <= x < A4[0] - 85 and 0 <= y < A4[1] - 37 for x, y in spots)


@pytest.mark.parametrize(
    ("level", "channel", "mode", "phone"),
    [
        ("simple", "none", "no_otp", False),
        ("simple", "mail", "otp_email", False),
        ("simple", "sms", "otp_sms", True),
        ("advanced", "mail", "otp_sms", True),
        ("qualified", "mail", None, False),
    ],
)
def test_levels_decide_how_people_prove_who_they_are(level, channel, mode, phone):
    assert payloads.auth_mode(level, channel) == mode
    assert payloads.needs_phone(level, channel) is phone


def test_groups_follow_one_another():
    placed = [(1, "a"), (2, "b")]
    facts = payloads.SignerFacts("Jean Roux", "j@x.example", "", "", "simple", "fr", ())
    build = payloads.build_signer
    assert build(facts, placed, 2, "groups")["group_with_id"] == "b"
    assert build(facts, placed, 3, "groups")["insert_after_id"] == "b"
    assert "insert_after_id" not in build(facts, [], 1, "groups")
    assert "group_with_id" not in build(facts, placed, 2, "sequence")


def test_a_request_says_how_people_follow_one_another():
    def body(*orders):
        facts = payloads.RequestFacts("REF", "", "", orders, "2027-01-31", "br")
        return payloads.build_request(facts)

    assert body(1, 2)["ordered_signers"] is True
    assert body(1, 1)["ordered_signers"] is False
    assert body(1, 2, 2)["custom_recipient_order"] is True
    assert body(1)["name"] == "REF"
    assert body(1)["audit_trail_locale"] == "en"
    assert body(1)["expiration_date"] == "2027-01-31"


def test_signatures_are_checked_over_the_bytes():
    body, secret = b'{"a": 1}', "s" * 32
    good = signature.sign(body, secret)
    signature.verify(body, good, secret)
    for reason, arguments in {
        "no_secret": (body, good, ""),
        "no_header": (body, "", secret),
        "no_match": (body + b" ", good, secret),
    }.items():
        with pytest.raises(WebhookRefusedError) as caught:
            signature.verify(*arguments)
        assert caught.value.reason == reason
    with pytest.raises(WebhookRefusedError):
        signature.verify(body, "sha256=\u00e9", secret)


def zipped(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_one_file_or_several():
    assert archives.unpack(b"%PDF-1.7 x", 99) == {"": b"%PDF-1.7 x"}
    files = archives.unpack(zipped(a=b"%PDF-1", b=b"%PDF-2"), 99)
    assert archives.match({7: "B", 8: "a"}, files) == {7: b"%PDF-2", 8: b"%PDF-1"}
    assert archives.match({7: "b", 8: "c"}, files) is None
    assert archives.match({7: "x"}, {"": b"%PDF-1"}) == {7: b"%PDF-1"}


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"PK\x03\x04 broken",
        zipped(),
        zipped(a=b"no pdf"),
        zipped(a=b"%PDF-" + b"0" * 1000),
    ],
)
def test_what_is_no_file_is_refused(content):
    with pytest.raises(archives.UnreadableFileError):
        archives.unpack(content, 500)
