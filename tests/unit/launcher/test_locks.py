import subprocess
import sys
from pathlib import Path

from launcher.locks import locked, try_lock

ROOT = Path(__file__).resolve().parents[3]


def test_second_holder_is_refused_until_the_first_lets_go(tmp_path):
    first = try_lock(tmp_path / "x.lock")
    assert try_lock(tmp_path / "x.lock") is None
    first.close()
    assert try_lock(tmp_path / "x.lock") is not None


def test_last_user_of_a_shared_lock_can_be_told(tmp_path):
    first = try_lock(tmp_path / "x.lock", shared=True)
    second = try_lock(tmp_path / "x.lock", shared=True)
    assert not first.to_exclusive()
    second.close()
    assert first.to_exclusive()


def test_lock_vanishes_with_its_process(tmp_path):
    file = tmp_path / "x.lock"
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from launcher.locks import try_lock\n"
        "lock = try_lock(Path(sys.argv[2])); print(bool(lock)); os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", script, str(ROOT), str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == -9
    assert try_lock(file) is not None


def test_waiting_is_told_once(tmp_path):
    said = []
    first = try_lock(tmp_path / "x.lock")

    def tell():
        said.append("waiting")
        first.close()

    with locked(tmp_path / "x.lock", on_wait=tell):
        assert said == ["waiting"]
