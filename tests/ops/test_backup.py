"""The daily backup, with launchers that succeed, fail, or write nothing."""

import os
import subprocess
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "config" / "backup.sh"
GOOD = 'echo content > "$2"'
BROKEN = 'echo half > "$2"; echo "PostgreSQL does not answer." >&2; exit 1'
DAY_SECONDS = 86_400


@pytest.fixture
def backup(tmp_path):
    """Run backup.sh with a launcher made of one line of shell."""

    def run(command, launcher=GOOD, **environment):
        program = tmp_path / "launcher"
        program.write_text(f"#!/bin/sh\n{launcher}\n")
        program.chmod(0o755)
        return subprocess.run(
            [SCRIPT, command],
            env={
                "PATH": os.environ["PATH"],
                "CRM_BACKUP_DIR": str(tmp_path / "backups"),
                "CRM_LAUNCHER": str(program),
                "PGDATABASE": "crm",
                **environment,
            },
            capture_output=True,
            text=True,
        )

    return run


def _files(tmp_path):
    return sorted(path.name for path in (tmp_path / "backups").glob("*.tar*"))


def _make_old(tmp_path, name, days):
    path = tmp_path / "backups" / name
    path.write_text("old")
    then = time.time() - days * DAY_SECONDS
    os.utime(path, (then, then))
    return path


def test_a_backup_appears_whole_and_private(backup, tmp_path):
    done = backup("now", launcher=f'{GOOD}; echo "$@"')
    assert done.returncode == 0
    assert "--db crm" in done.stdout
    (name,) = _files(tmp_path)
    file = tmp_path / "backups" / name
    assert name.startswith("crm-") and name.endswith("Z.tar")
    assert file.read_text() == "content\n"
    assert file.stat().st_mode & 0o077 == 0


def test_check_says_whether_the_newest_is_good(backup):
    assert backup("check").returncode == 1
    backup("now")
    good = backup("check")
    assert good.returncode == 0
    assert good.stdout.startswith("ok ")


@pytest.mark.parametrize("launcher", [BROKEN, "true"])
def test_a_failure_is_seen_and_leaves_nothing_half(backup, tmp_path, launcher):
    done = backup("now", launcher=launcher)
    assert done.returncode == 1
    assert "backup failed" in done.stderr
    assert _files(tmp_path) == []
    checked = backup("check")
    assert checked.returncode == 1
    assert checked.stdout.startswith("failed ")


def test_an_old_success_is_not_good_enough(backup, tmp_path):
    backup("now")
    status = tmp_path / "backups" / "crm.status"
    status.write_text("ok 2026-01-05T02:30:00Z crm-20260105T023000Z.tar\n")
    assert backup("check").returncode == 1


def test_backups_are_kept_seven_days(backup, tmp_path):
    backup("now")
    eight = _make_old(tmp_path, "crm-20260101T023000Z.tar", 8)
    six = _make_old(tmp_path, "crm-20260103T023000Z.tar", 6)
    other = _make_old(tmp_path, "nadia-20260101T023000Z.tar", 8)
    done = backup("now")
    assert not eight.exists()
    assert six.exists()
    assert other.exists()
    assert "removed" in done.stdout


def test_a_failure_costs_no_earlier_backup(backup, tmp_path):
    backup("now")
    old = _make_old(tmp_path, "crm-20260101T023000Z.tar", 30)
    backup("now", launcher=BROKEN)
    assert old.exists()


def test_two_at_once_do_not_mix(backup, tmp_path):
    slow = f"sleep 1; {GOOD}"
    started = subprocess.Popen(
        [SCRIPT, "now"],
        env={
            "PATH": os.environ["PATH"],
            "CRM_BACKUP_DIR": str(tmp_path / "backups"),
            "CRM_LAUNCHER": str(_program(tmp_path, slow)),
            "PGDATABASE": "crm",
        },
        stdout=subprocess.DEVNULL,
    )
    lock = tmp_path / "backups" / ".crm.lock"
    deadline = time.monotonic() + 5
    while not lock.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.1)
    second = backup("now")
    assert second.returncode == 1
    assert "another backup is running" in second.stderr
    assert started.wait(10) == 0
    assert len(_files(tmp_path)) == 1


def _program(tmp_path, line):
    program = tmp_path / "slow-launcher"
    program.write_text(f"#!/bin/sh\n{line}\n")
    program.chmod(0o755)
    return program


def test_the_daily_loop_starts_with_a_first_backup_and_stops_when_told(tmp_path):
    running = subprocess.Popen(
        [SCRIPT, "daily"],
        env={
            "PATH": os.environ["PATH"],
            "CRM_BACKUP_DIR": str(tmp_path / "backups"),
            "CRM_LAUNCHER": str(_program(tmp_path, GOOD)),
            "PGDATABASE": "crm",
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 10
        while not (tmp_path / "backups/crm.status").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert running.poll() is None
    finally:
        running.terminate()
    assert running.wait(5) == 0
    assert len(_files(tmp_path)) == 1


def test_without_a_command_it_explains_itself(backup):
    done = backup("")
    assert done.returncode == 2
    assert "CRM_BACKUP_KEEP_DAYS" in done.stderr
