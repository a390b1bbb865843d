"""Secrets are sealed by the newest key and opened by any key we still have."""

import pytest
from cryptography.fernet import Fernet

from odoo.addons.crm_base.lib.crypto import (
    SecretBox,
    UnreadableSecret,
    fingerprint,
    sealed_fingerprint,
    split_keys,
)
from odoo.addons.crm_base.lib.errors import ConfigurationError

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


@pytest.mark.parametrize(
    "text", ["sk_live_1", "é€ 😀", "x" * 100_000, "enc1:abcd:efgh", "a\nb\x00c", " "]
)
def test_what_goes_in_comes_out(text):
    box = SecretBox([NEW])
    sealed = box.encrypt(text)
    assert box.decrypt(sealed) == text
    assert text not in sealed
    assert sealed.startswith(box.current_prefix)


def test_same_secret_is_never_sealed_twice_alike():
    box = SecretBox([NEW])
    assert box.encrypt("same") != box.encrypt("same")


def test_sealed_value_names_its_key_without_revealing_it():
    sealed = SecretBox([NEW]).encrypt("x")
    assert sealed_fingerprint(sealed) == fingerprint(NEW)
    assert len(fingerprint(NEW)) == 8
    assert fingerprint(NEW)[:6] not in NEW
    assert sealed_fingerprint("sk_live_clear") is None


def test_rotation_keeps_the_secret_and_changes_the_key():
    old = SecretBox([OLD]).encrypt("secret")
    both = SecretBox([NEW, OLD])
    assert both.decrypt(old) == "secret"
    assert both.needs_rotation(old)
    new = both.rotate(old)
    assert not both.needs_rotation(new)
    assert both.rotate(new) is new
    assert SecretBox([NEW]).decrypt(new) == "secret"
    with pytest.raises(UnreadableSecret):
        SecretBox([OLD]).decrypt(new)


def test_clear_value_is_known_to_need_sealing():
    assert SecretBox([NEW]).needs_rotation("sk_live_clear")


def test_wrong_key_damage_and_clear_text_are_unreadable():
    box = SecretBox([NEW])
    sealed = box.encrypt("secret")
    flipped = "A" if sealed[-20] != "A" else "B"
    for value in (
        SecretBox([OTHER]).encrypt("secret"),
        sealed[:-20] + flipped + sealed[-19:],
        sealed[:-4],
        sealed.replace(fingerprint(NEW), "00000000"),
        f"enc1:{fingerprint(NEW)}:",
        f"enc1:{fingerprint(NEW)}:é",
        "sk_live_clear",
        "",
    ):
        with pytest.raises(UnreadableSecret):
            box.decrypt(value)


@pytest.mark.parametrize("keys", [[], ["short"], [NEW, "x" * 44], [NEW[:-4]], ["é"]])
def test_bad_keys_are_refused_without_being_quoted(keys):
    with pytest.raises(ConfigurationError) as caught:
        SecretBox(keys)
    for key in keys:
        assert key not in str(caught.value)


def test_box_never_prints_a_key():
    assert NEW not in repr(SecretBox([NEW])) + str(vars(SecretBox([NEW])))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("a", ("a",)),
        ("a,b", ("a", "b")),
        (" a ,\n b\n", ("a", "b")),
        ("# made on Monday\na\nb\n", ("a", "b")),
        ("", ()),
        (" , \n", ()),
    ],
)
def test_keys_are_read_from_a_variable_or_a_file(text, keys):
    assert split_keys(text) == keys
