"""Interrupted anywhere, nothing is left running and the next run gets there."""

import os
import signal
import time

import pytest

# What is on the screen when the signal comes, and how long after.
MOMENTS = {
    "at the very start": ("", 0.15),
    "while the database server is made": ("Database server ...", 0.2),
    "while it starts": ("Database server ...", 1.1),
    "while the first addons are installed": ("Database crm ...", 0.3),
    "while the others are installed": ("Database crm ...", 1.6),
    "while the core is saved and ours are installed": ("Odoo's own addons", 0.2),
    "while the stand-ins start": ("Stand-ins", 0.05),
    "while the server starts": ("Server with job runner ...", 0.3),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_interrupted_run_leaves_nothing_and_resumes(world, moment):
    words, delay_seconds = MOMENTS[moment]
    up = world.start_up(FAKE_ODOO_SECONDS="1")
    if words:
        up.wait_for(words)
    time.sleep(delay_seconds)
    assert up.interrupt() == 130, up.text
    assert "Traceback" not in up.text
    world.assert_nothing_runs()

    up = world.start_up()
    up.wait_for("Ctrl-C")
    assert up.interrupt() == 130
    world.assert_nothing_runs()


def test_many_signals_do_not_cut_the_cleaning_up(world):
    up = world.start_up()
    up.wait_for("Ctrl-C")
    for _ in range(5):
        up.popen.send_signal(signal.SIGINT)
        time.sleep(0.02)
    assert up.interrupt() == 130
    world.assert_nothing_runs()


def test_killed_launcher_is_cleaned_up_by_stop(world):
    up = world.start_up()
    up.wait_for("Ctrl-C")
    os.kill(up.popen.pid, signal.SIGKILL)
    up.popen.wait()
    assert world.processes(), "a killed launcher cannot stop what it started"

    stopped = world.run("stop")
    assert stopped.returncode == 0
    assert "odoo" in stopped.stdout
    world.assert_nothing_runs()


def test_killed_launcher_is_recovered_by_the_next_run(world):
    up = world.start_up()
    up.wait_for("Ctrl-C")
    os.kill(up.popen.pid, signal.SIGKILL)
    up.popen.wait()

    up = world.start_up()
    up.wait_for("Ctrl-C")
    assert f"http://localhost:{world.port} is ready" in up.text
    assert up.interrupt() == 130
    world.assert_nothing_runs()


def test_killed_database_server_recovers(world):
    up = world.start_up()
    up.wait_for("Ctrl-C")
    servers = [pid for pid, shown in world.processes().items() if " -D " in shown]
    assert len(servers) == 1
    os.kill(up.popen.pid, signal.SIGKILL)
    os.kill(servers[0], signal.SIGKILL)
    up.popen.wait()

    up = world.start_up()
    up.wait_for("nothing has changed")
    up.wait_for("Ctrl-C")
    assert up.interrupt() == 130
    world.assert_nothing_runs()
