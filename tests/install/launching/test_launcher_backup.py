"""A backup is worth what its restoration gives."""

import json
import tarfile

import pytest


@pytest.fixture(scope="module")
def saved(shared_world, tmp_path_factory):
    """A running world's backup, made while the server runs."""
    world = shared_world
    started = world.run(*world.up_arguments(), "--detach")
    assert started.returncode == 0, started.stderr
    store = world.local / "data" / "filestore" / "crm" / "ab"
    store.mkdir(parents=True)
    (store / "abcd").write_bytes(b"invoice")
    sql = "INSERT INTO ir_attachment VALUES ('ab/abcd'); SELECT 1"
    assert world.run("psql", text_input=sql).returncode == 0
    archive = tmp_path_factory.mktemp("backup") / "crm.tar.gz"
    made = world.run("backup", str(archive))
    assert made.returncode == 0, made.stderr
    return archive


def rewrite(archive, target, change):
    """Copy the archive with a changed manifest, or without a member."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            if change(member, None) == "drop":
                continue
            stream = old.extractfile(member) if member.isfile() else None
            if member.name == "manifest.json":
                manifest = json.load(stream)
                change(member, manifest)
                path = target.with_suffix(".json")
                path.write_text(json.dumps(manifest))
                new.add(path, "manifest.json")
            else:
                new.addfile(member, stream)


def test_restored_database_equals_the_saved_one(used_world, saved):
    done = used_world.run("restore", str(saved), "--db", "copy1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all as saved" in done.stdout
    file = used_world.local / "data" / "filestore" / "copy1" / "ab" / "abcd"
    assert file.read_bytes() == b"invoice"
    sql = "SELECT value FROM ir_config_parameter WHERE key = 'crm_launcher.odoo'"
    shown = used_world.run("psql", "--db", "copy1", text_input=sql)
    assert "home-" in shown.stdout


def test_nothing_is_ever_overwritten(used_world, saved):
    done = used_world.run("restore", str(saved), "--db", "crm")
    assert done.returncode == 1
    assert "exists already" in done.stderr


def test_missing_rows_are_told(used_world, saved, tmp_path):
    def one_more_row(member, manifest):
        if manifest:
            manifest["rows"]["ir_attachment"] += 1

    other = tmp_path / "other.tar.gz"
    rewrite(saved, other, one_more_row)
    done = used_world.run("restore", str(other), "--db", "copy2")
    assert done.returncode == 1
    assert "Table ir_attachment: 2 saved, 1 restored" in done.stdout


def test_missing_files_are_told(used_world, saved, tmp_path):
    other = tmp_path / "other.tar.gz"
    rewrite(saved, other, lambda member, _m: "drop" if "abcd" in member.name else "")
    done = used_world.run("restore", str(other), "--db", "copy3")
    assert done.returncode == 1
    assert "File ab/abcd is missing" in done.stdout


def test_damaged_archive_changes_nothing(used_world, saved, tmp_path):
    half = tmp_path / "half.tar.gz"
    half.write_bytes(saved.read_bytes()[:2000])
    done = used_world.run("restore", str(half), "--db", "copy4")
    assert done.returncode == 1
    assert "damaged" in done.stderr
    listed = used_world.run("psql", text_input="SELECT datname FROM pg_database")
    assert "copy4" not in listed.stdout


def test_key_is_not_in_the_archive_and_its_absence_is_told(used_world, saved):
    key_file = used_world.local / "secret.key"
    with tarfile.open(saved) as tar:
        manifest = tar.extractfile("manifest.json").read().decode()
        assert not [name for name in tar.getnames() if "secret" in name]
    key = key_file.read_text()
    assert key.strip() not in manifest

    key_file.unlink()
    done = used_world.run("restore", str(saved), "--db", "copy5")
    key_file.write_text(key)
    assert "encrypted with another key" in done.stdout
