"""A backup is worth what its restoration gives."""

import json
import tarfile

import pytest


@pytest.fixture
def saved(world, tmp_path):
    """A running world's backup, made while the server runs."""
    started = world.run(*world.up_arguments(), "--detach")
    assert started.returncode == 0, started.stderr
    store = world.local / "data" / "filestore" / "crm" / "ab"
    store.mkdir(parents=True)
    (store / "abcd").write_bytes(b"invoice")
    sql = "INSERT INTO ir_attachment VALUES ('ab/abcd'); SELECT 1"
    assert world.run("psql", text_input=sql).returncode == 0
    archive = tmp_path / "crm.tar.gz"
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


def test_restored_database_equals_the_saved_one(world, saved):
    done = world.run("restore", str(saved), "--db", "copy")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all as saved" in done.stdout
    file = world.local / "data" / "filestore" / "copy" / "ab" / "abcd"
    assert file.read_bytes() == b"invoice"
    sql = "SELECT value FROM ir_config_parameter WHERE key = 'crm_launcher.odoo'"
    shown = world.run("psql", "--db", "copy", text_input=sql)
    assert "home-" in shown.stdout


def test_nothing_is_ever_overwritten(world, saved):
    done = world.run("restore", str(saved), "--db", "crm")
    assert done.returncode == 1
    assert "exists already" in done.stderr


def test_missing_rows_are_told(world, saved, tmp_path):
    def one_more_row(member, manifest):
        if manifest:
            manifest["rows"]["ir_attachment"] += 1

    other = tmp_path / "other.tar.gz"
    rewrite(saved, other, one_more_row)
    done = world.run("restore", str(other), "--db", "copy")
    assert done.returncode == 1
    assert "Table ir_attachment: 2 saved, 1 restored" in done.stdout


def test_missing_files_are_told(world, saved, tmp_path):
    other = tmp_path / "other.tar.gz"
    rewrite(saved, other, lambda member, _m: "drop" if "abcd" in member.name else "")
    done = world.run("restore", str(other), "--db", "copy")
    assert done.returncode == 1
    assert "File ab/abcd is missing" in done.stdout


def test_damaged_archive_changes_nothing(world, saved, tmp_path):
    half = tmp_path / "half.tar.gz"
    half.write_bytes(saved.read_bytes()[:2000])
    done = world.run("restore", str(half), "--db", "copy")
    assert done.returncode == 1
    assert "damaged" in done.stderr
    listed = world.run("psql", text_input="SELECT datname FROM pg_database")
    assert "copy" not in listed.stdout


def test_key_is_not_in_the_archive_and_its_absence_is_told(world, saved):
    key_file = world.local / "secret.key"
    with tarfile.open(saved) as tar:
        manifest = tar.extractfile("manifest.json").read().decode()
        assert not [name for name in tar.getnames() if "secret" in name]
    assert key_file.read_text().strip() not in manifest

    key_file.unlink()
    done = world.run("restore", str(saved), "--db", "copy")
    assert "encrypted with another key" in done.stdout
