"""The little program that checks a file and its evidence without our server."""

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from odoo.addons.crm_sign.lib.evidence import Event, export, first_link
from odoo.addons.crm_sign.providers.sealing import SealFacts, seal
from odoo.addons.crm_sign.providers.stamping import Mark, stamp

from tests.unit.crm_sign.samples import NOW, company, make_pdf, person

TOOL = Path(__file__).parents[3] / "docs" / "tools" / "verify_signature.py"
REFERENCE = "ABCD-EFGH-JKLM-NPQR"
OK, ALTERED, UNCHECKED = 0, 1, 2


@pytest.fixture(scope="module")
def original():
    return make_pdf(2)


@pytest.fixture(scope="module")
def signed(original):
    stamped = stamp(original, [Mark("text", 1, 100, 100, 100, 20, "Bon pour accord")])
    company_seal = SealFacts("Agence Lumen SAS", "Cachet", NOW, is_company=True)
    return seal(stamped, signatures=[person(), company_seal], certificate=company())


@pytest.fixture
def evidence(original, signed):
    """An export made by the function that the server uses."""
    events, previous = [], first_link(REFERENCE)
    for number, kind in enumerate(("sent", "opened", "signed", "sealed"), start=1):
        event = Event(
            reference=REFERENCE,
            sequence=number,
            at=datetime(2026, 3, 2, 9, tzinfo=timezone.utc) + timedelta(minutes=number),
            kind=kind,
            actor="Élodie Ménard",
            previous_hash=previous,
            details={"motif": "accord", "n": number},
        )
        previous = event.hash()
        events.append((event, previous))
    request = {"reference": REFERENCE, "chain_head": previous, "event_count": 4}
    document = {
        "name": "contrat.pdf",
        "sha256": sha256(original).hexdigest(),
        "signed_sha256": sha256(signed).hexdigest(),
    }
    return json.loads(export(request, [document], [], events))


@pytest.fixture
def run(tmp_path, capsys):
    spec = spec_from_file_location("verify_signature", TOOL)
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)

    def check(signed, evidence=None, first=None):
        arguments = write(tmp_path, signed, evidence, first)
        return tool.main(arguments), capsys.readouterr().out

    return check


def write(folder, signed, evidence=None, first=None):
    """Write the files; return what is typed after the name of the program."""
    arguments = []
    if first is not None:
        (folder / "original.pdf").write_bytes(first)
        arguments += ["--original", str(folder / "original.pdf")]
    (folder / "signed.pdf").write_bytes(signed)
    arguments.append(str(folder / "signed.pdf"))
    if evidence is not None:
        text = json.dumps(evidence, ensure_ascii=False)
        (folder / "evidence.json").write_text(text, encoding="utf-8")
        arguments.append(str(folder / "evidence.json"))
    return arguments


def test_the_program_runs_alone(tmp_path, signed, evidence):
    command = [sys.executable, str(TOOL), *write(tmp_path, signed, evidence)]
    answer = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=50, cwd=tmp_path
    )
    assert (answer.returncode, answer.stderr) == (OK, "")
    assert "Everything holds." in answer.stdout


def test_a_file_and_its_evidence_hold(run, signed, evidence, original):
    code, text = run(signed, evidence, original)
    assert code == OK, text
    assert "4 events, none changed, none missing" in text
    assert f"its first {len(original)} bytes are the original of contrat.pdf" in text
    assert "signature 1: Élodie Ménard" in text
    assert "Everything holds." in text


def test_a_file_alone_is_checked_by_its_signatures(run, signed):
    assert run(signed)[0] == OK
    altered = bytearray(signed)
    altered[500] ^= 1
    assert run(bytes(altered))[0] == ALTERED
    assert run(signed + b"\n% more")[0] == ALTERED
    assert run(make_pdf(1))[0] == ALTERED
    assert run(b"not a pdf")[0] == ALTERED


def change_content(evidence):
    evidence["events"][1]["actor"] = "Quelqu'un d'autre"


def change_and_hash_again(evidence):
    from hashlib import sha256 as digest

    event = evidence["events"][1]
    event["actor"] = "Quelqu'un d'autre"
    body = {key: value for key, value in event.items() if key != "hash"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    event["hash"] = digest(text.encode()).hexdigest()


def drop_one(evidence):
    del evidence["events"][1]


def drop_the_last(evidence):
    del evidence["events"][-1]


def swap(evidence):
    events = evidence["events"]
    events[1], events[2] = events[2], events[1]


def other_request(evidence):
    evidence["request"]["reference"] = "AAAA-AAAA-AAAA-AAAA"


@pytest.mark.parametrize(
    "attack",
    [
        change_content,
        change_and_hash_again,
        drop_one,
        drop_the_last,
        swap,
        other_request,
    ],
)
def test_evidence_that_was_touched_is_found(run, signed, evidence, attack):
    attack(evidence)
    code, text = run(signed, evidence)
    assert code == ALTERED, text


def test_the_evidence_of_another_file_is_told(run, signed, evidence):
    evidence["documents"][0]["signed_sha256"] = "0" * 64
    code, text = run(signed, evidence)
    assert code == ALTERED
    assert "none of those in the evidence" in text


def test_another_original_is_told(run, signed, evidence):
    code, text = run(signed, evidence, make_pdf(1, text="another"))
    assert code == ALTERED
    assert "the original is not the one that was sent" in text


def test_an_unknown_kind_of_evidence_is_not_called_right(run, signed, evidence):
    evidence["format"] = "something/9"
    assert run(signed, evidence)[0] == UNCHECKED
