import shutil

import pytest

from launcher import paths as paths_module
from launcher.console import Trouble
from launcher.paths import find_paths, make_folder, write_private


def test_cache_follows_xdg_and_state_follows_its_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("CRM_LOCAL", str(tmp_path / "l"))
    found = find_paths()
    assert found.cache == tmp_path / "c" / "crm-suite"
    assert found.local == tmp_path / "l"


def test_state_is_inside_the_checkout_by_default(monkeypatch, tmp_path):
    monkeypatch.delenv("CRM_LOCAL", raising=False)
    assert find_paths(tmp_path).local == tmp_path / ".local"


def test_folder_that_cannot_be_written_is_a_trouble_with_remedy(tmp_path):
    # A file in the way stops root as well, unlike missing rights.
    (tmp_path / "cache").write_text("")
    with pytest.raises(Trouble) as caught:
        make_folder(tmp_path / "cache" / "crm-suite", "Set XDG_CACHE_HOME.")
    assert "cannot be written" in caught.value.sentence
    assert caught.value.remedy == "Set XDG_CACHE_HOME."


def test_full_disk_is_said_before_it_hurts(monkeypatch, paths):
    usage = shutil.disk_usage(paths.cache)._replace(free=100_000_000)
    monkeypatch.setattr(paths_module.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(Trouble) as caught:
        paths.need_space(paths.cache, 3_000_000_000)
    assert "0.1 GB free, 3.0 GB needed" in caught.value.sentence


def test_private_file_is_readable_by_its_owner_only(tmp_path):
    file = tmp_path / "secret"
    write_private(file, "first")
    write_private(file, "second")
    assert file.read_text() == "second"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
