"""What people drop: four formats, three encodings, and files that are none."""

import json

import pytest

from odoo.addons.crm_ai.lib.messages import Segment
from odoo.addons.crm_ai_meeting.lib.decoding import TranscriptError
from odoo.addons.crm_ai_meeting.lib.parts import PART_CHARACTERS, render, split
from odoo.addons.crm_ai_meeting.lib.transcripts import parse_transcript

from .long_meeting import ATELIERS, BIOTECH, as_srt, as_text, as_vtt, tell


@pytest.mark.parametrize("story", [BIOTECH, ATELIERS], ids=["biotech", "ateliers"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    ("name", "write"), [("r.vtt", as_vtt), ("r.srt", as_srt), ("r.txt", as_text)]
)
def test_the_same_meeting_in_every_form(story, encoding, name, write):
    said = tell(story, 45, seed=7)
    segments = parse_transcript(name, write(said).encode(encoding))
    assert [(s.speaker, s.text) for s in segments] == [(w, t) for _at, w, t in said]
    assert all(
        abs(s.start - at) <= 1 for s, (at, _w, _t) in zip(segments, said, strict=True)
    )


def test_a_wrong_ending_is_forgiven_when_the_content_is_clear():
    vtt = as_vtt(tell(BIOTECH, 3))
    assert parse_transcript("notes.txt", vtt.encode()) == parse_transcript(
        "notes.vtt", vtt.encode()
    )


def test_cues_of_one_sentence_are_one_segment():
    text = (
        "WEBVTT\n\n1\n00:01.000 --> 00:03.000\n<v Ana>Nous avons un budget\n\n"
        "00:03.000 --> 00:05.000\n<v Ana>de 30 000 euros.\n\n"
        "00:05.500 --> 00:07.000\n<v Luc>Très bien.\n"
    )
    segments = parse_transcript("a.vtt", text.encode())
    assert segments == (
        Segment("Nous avons un budget de 30 000 euros.", 1.0, 5.0, "Ana"),
        Segment("Très bien.", 5.5, 7.0, "Luc"),
    )


def test_plain_text_without_anything():
    segments = parse_transcript(
        "a.txt", "Bonjour à tous.\n\nNote : rien de neuf.\n".encode()
    )
    assert segments == (Segment("Bonjour à tous."), Segment("Note : rien de neuf."))


def test_a_name_on_its_own_line_speaks_the_next():
    text = "Claire Petit (00:12) :\nNous partons en juin.\n\nLuc :\nEntendu."
    first, second = parse_transcript("a.txt", text.encode())
    assert (first.text, second.text) == ("Nous partons en juin.", "Entendu.")
    assert second.speaker == "Luc"


def test_a_colon_in_a_sentence_is_no_speaker():
    text = "Claire : voici le plan.\nDonc : on commence lundi."
    segments = parse_transcript("a.txt", text.encode())
    assert [s.speaker for s in segments] == ["Claire", "Claire"]
    assert segments[1].text == "Donc : on commence lundi."


def test_json_of_whisper_and_of_a_diarizer():
    whisper = {
        "language": "fr",
        "segments": [
            {"id": 0, "start": 0, "end": 2.5, "text": " Bonjour."},
            {"id": 1, "start": 2.5, "end": 4, "text": " On y va.", "speaker": "A"},
            {"id": 2, "start": 4, "end": 5, "text": "  "},
            "bad",
        ],
    }
    segments = parse_transcript("a.json", json.dumps(whisper).encode())
    assert segments == (
        Segment("Bonjour.", 0.0, 2.5, ""),
        Segment("On y va.", 2.5, 4.0, "A"),
    )
    only_text = json.dumps({"text": "Bonjour.\nMerci."}).encode()
    assert len(parse_transcript("a.json", only_text)) == 2


def test_one_endless_line_is_cut_at_its_sentences():
    text = " ".join(f"Phrase numéro {n} de la réunion." for n in range(200))
    segments = parse_transcript("a.txt", text.encode())
    assert len(segments) > 15
    assert " ".join(s.text for s in segments) == text
    endless = " ".join(["mot"] * 2000)
    assert all(len(s.text) <= 600 for s in parse_transcript("a.txt", endless.encode()))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\r\n\xef\xbb\xbf", "empty"),
        ("a.txt", b"\xff\xfe", "empty"),
        ("a.pdf", b"%PDF-1.7 Bonjour", "wrong_type"),
        ("a.docx", b"PK\x03\x04", "wrong_type"),
        ("a.txt", bytes(range(256)) * 40, "unreadable"),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "no_speech"),
        ("a.json", b'{"segments": []}', "no_speech"),
        ("a.json", b'{"a": 1}', "no_speech"),
        ("a.txt", b"12 34 - 56 ......", "no_speech"),
        ("a.txt", b"a" * (5 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_a_bad_file_says_why(name, content, code):
    with pytest.raises(TranscriptError) as caught:
        parse_transcript(name, content)
    assert caught.value.code == code
    assert code in TranscriptError.CODES


def test_parts_cover_everything_and_overlap():
    segments = parse_transcript("a.vtt", as_vtt(tell(BIOTECH, 90)).encode())
    parts = split(segments)
    assert len(parts) > 2
    assert parts[0].first == 0
    assert parts[-1].last == len(segments)
    for one, following in zip(parts, parts[1:], strict=False):
        assert one.last - following.first == 3
    lengths = [len(render(segments, part)) for part in parts]
    assert max(lengths) < PART_CHARACTERS * 1.15
    assert max(lengths) < 1.5 * min(lengths)
    assert split(segments[:10])[0].last == 10


def test_a_part_names_index_time_and_speaker():
    segments = (Segment("Oui.", 3725, None, "Ana"), Segment("Non\nmerci."))
    assert render(segments, split(segments)[0]) == (
        "[0] (01:02:05) Ana : Oui.\n[1] Non merci.\n"
    )
