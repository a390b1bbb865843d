import base64

import pytest

from launcher import secret_key
from launcher.console import Trouble


def test_key_is_made_once_and_private(tmp_path):
    file = tmp_path / "secret.key"
    secret_key.ensure_secret_key(file)
    key = file.read_text()
    secret_key.ensure_secret_key(file)
    assert file.read_text() == key
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(base64.urlsafe_b64decode(key)) == 32


def test_new_key_encrypts_and_the_former_ones_stay(tmp_path):
    file = tmp_path / "secret.key"
    secret_key.ensure_secret_key(file)
    [first] = secret_key.read_keys(file)
    before = secret_key.fingerprints(file)
    secret_key.add_key(file)
    keys = secret_key.read_keys(file)
    assert keys[1:] == [first]
    assert secret_key.fingerprints(file)[1:] == before
    assert secret_key.forget_former_keys(file) == 1
    assert secret_key.read_keys(file) == keys[:1]


def test_fingerprint_does_not_show_the_key(tmp_path):
    file = tmp_path / "secret.key"
    assert secret_key.fingerprints(file) == []
    secret_key.ensure_secret_key(file)
    assert secret_key.fingerprints(file)[0] not in file.read_text()


def test_emptied_key_is_never_replaced_silently(tmp_path):
    file = tmp_path / "secret.key"
    file.write_text("\n")
    with pytest.raises(Trouble) as caught:
        secret_key.ensure_secret_key(file)
    assert "empty" in caught.value.sentence
    assert file.read_text() == "\n"
