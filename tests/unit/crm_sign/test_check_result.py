import hashlib

import pytest

from odoo.addons.crm_sign.lib.check_result import (
    CheckResult,
    clean_digest,
    is_possession_proven,
    prove_possession,
)

CONTENT = b"%PDF-1.7 a signed file"


def test_only_the_holder_of_the_file_can_prove_it():
    proof = prove_possession("challenge", CONTENT)
    assert proof == hashlib.sha256(b"challenge" + CONTENT).hexdigest()
    assert is_possession_proven("challenge", CONTENT, proof)
    assert is_possession_proven("challenge", CONTENT, f" {proof.upper()} ")
    assert not is_possession_proven("another", CONTENT, proof)
    assert not is_possession_proven("challenge", CONTENT + b" ", proof)


@pytest.mark.parametrize("proof", [None, "", "-", "0" * 64, "é" * 64, "x" * 10_000])
def test_anything_else_proves_nothing(proof):
    assert not is_possession_proven("challenge", CONTENT, proof)


def test_a_hash_of_the_content_alone_is_no_proof():
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert not is_possession_proven("challenge", CONTENT, digest)


@pytest.mark.parametrize("text", [None, "", "g" * 64, "a" * 63, "a" * 65, "%" * 64])
def test_what_is_no_digest_is_nothing(text):
    assert clean_digest(text) == ""


def test_a_typed_reference_is_judged_only_when_there_is_one():
    result = CheckResult("known")
    assert result.matched("", False) is result
    assert result.matched("ABCD", True).reference_match == "yes"
    assert result.matched("ABCD", False).reference_match == "no"
