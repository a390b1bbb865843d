from dataclasses import replace
from datetime import date

import pytest

from odoo.addons.crm_sign.lib.draft_check import Draft, DraftSigner, find_problems
from odoo.addons.crm_sign.lib.reference import clean_reference, make_reference

TODAY = date(2026, 3, 2)
MARIE = DraftSigner("Marie", "marie@client.example")
PAUL = DraftSigner("Paul", "paul@client.example")
GOOD = Draft(signers=(MARIE, PAUL), documents=("Contrat.pdf",), today=TODAY)


def problems(**changes):
    found = find_problems(replace(GOOD, **changes))
    return [(problem.code, problem.subject) for problem in found]


def test_a_good_draft_has_no_problem():
    assert problems() == []
    assert problems(date_expiry=TODAY) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"documents": ()}, ("no_document", "")),
        ({"signers": ()}, ("no_signer", "")),
        ({"signers": (MARIE, MARIE)}, ("same_signer", "marie@client.example")),
        ({"signers": (DraftSigner("Luc"),)}, ("no_mail", "Luc")),
        ({"signers": (replace(MARIE, channel="sms"),)}, ("no_such_channel", "Marie")),
        ({"orphans": ("Date",)}, ("field_of_nobody", "Date")),
        ({"outside": (("A.pdf", "Sign"),)}, ("field_outside", "Sign (A.pdf)")),
        ({"date_expiry": date(2026, 3, 1)}, ("expiry_past", "2026-03-01")),
    ],
)
def test_each_problem_is_named(changes, expected):
    assert expected in problems(**changes)


def test_without_a_mail_a_code_by_sms_is_enough():
    everything = frozenset({"mail", "sms", "none"})
    luc = DraftSigner("Luc", phone="+33612345678", channel="sms")
    assert problems(signers=(luc,), channels=everything) == []
    no_phone = replace(luc, phone="")
    assert problems(signers=(no_phone,), channels=everything) == [("no_phone", "Luc")]


def test_the_same_name_with_two_addresses_is_two_people():
    twin = replace(MARIE, email="other@client.example")
    assert problems(signers=(MARIE, twin)) == []


def test_a_reference_is_four_groups_of_four():
    reference = make_reference(bytes(range(10)))
    assert reference == "AAAQ-EAYE-AUDA-OCAJ"
    assert clean_reference(reference.lower().replace("-", " ")) == reference
    with pytest.raises(ValueError, match="10 random"):
        make_reference(b"")


@pytest.mark.parametrize("typed", [None, "", "AAAQ", "x" * 500, "AAAQ-EAYE-AUDA-OCA!"])
def test_what_cannot_be_a_reference(typed):
    assert clean_reference(typed) == ""


def test_digits_that_look_like_letters_are_read_as_letters():
    assert clean_reference("0118-AAAA-BBBB-CCCC") == "OIIB-AAAA-BBBB-CCCC"
