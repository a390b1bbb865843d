"""logrotate reads our file and does what it says."""

import getpass
import grp
import gzip
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

CONF = Path(__file__).resolve().parents[2] / "config" / "logrotate.conf"


def test_a_log_is_renamed_compressed_and_replaced(tmp_path):
    program = shutil.which("logrotate", path=os.environ["PATH"] + ":/usr/sbin")
    if not program:
        pytest.skip("logrotate is not installed")
    logs = tmp_path / "log"
    logs.mkdir(mode=0o755)
    (logs / "odoo.log").write_text("line\n" * 1000)
    owner = f"{getpass.getuser()} {grp.getgrgid(os.getgid()).gr_name}"
    text = CONF.read_text()
    text = text.replace("/var/log/crm", str(logs)).replace("/var/log/nginx", str(logs))
    text = text.replace("crm crm", owner).replace("www-data adm", owner)
    conf = tmp_path / "logrotate.conf"
    conf.write_text(text)
    conf.chmod(0o644)
    _rotate(program, tmp_path, conf)
    (renamed,) = logs.glob("odoo.log-*")
    assert renamed.read_text() == "line\n" * 1000
    fresh = logs / "odoo.log"
    assert fresh.stat().st_size == 0
    assert fresh.stat().st_mode & 0o777 == 0o640
    # The day after, the renamed one is compressed: nobody writes to it any more.
    fresh.write_text("next day\n")
    time.sleep(1.1)
    _rotate(program, tmp_path, conf)
    (compressed,) = logs.glob("odoo.log-*.gz")
    assert gzip.decompress(compressed.read_bytes()) == b"line\n" * 1000


def _rotate(program, tmp_path, conf):
    done = subprocess.run(
        [program, "--force", "--state", tmp_path / "state", conf],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
