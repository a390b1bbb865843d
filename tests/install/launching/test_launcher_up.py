"""What a newcomer and a developer rely on: start, stop, start again."""

import signal
import socket
import urllib.request


def test_first_run_installs_and_ctrl_c_leaves_nothing(world):
    up = world.start_up()
    up.wait_for("Ctrl-C")
    page = urllib.request.urlopen(f"http://localhost:{world.port}/web/login")
    assert page.read() == b"login"
    assert [call["init"] for call in world.calls()][0] == "base"
    assert world.calls()[-1]["init"] == "demo_base,demo_top"

    assert up.interrupt() == 130
    world.assert_nothing_runs()
    assert "Traceback" not in up.text


def test_second_run_changes_nothing_and_says_so(used_world):
    before = used_world.calls()

    up = used_world.start_up()
    up.wait_for("nothing has changed")
    up.wait_for("Ctrl-C")
    assert used_world.calls() == before
    assert up.interrupt(signal.SIGTERM) == 0
    used_world.assert_nothing_runs()


def test_only_the_changed_addon_is_upgraded(used_world):
    views = used_world.checkout / "addons" / "demo_base" / "views.xml"
    views.write_text("<odoo/>")
    (used_world.checkout / "addons" / "demo_top" / "tests").mkdir()
    (used_world.checkout / "addons" / "demo_top" / "tests" / "test_x.py").touch()

    up = used_world.start_up()
    up.wait_for("Ctrl-C")
    assert used_world.calls()[-1] == {"init": "", "update": "demo_base"}
    up.interrupt()


def test_new_dependency_is_installed(used_world):
    used_world.add_addon("demo_new", ["base"])
    manifest = used_world.checkout / "addons" / "demo_top" / "__manifest__.py"
    manifest.write_text("{'name': 'x', 'depends': ['demo_base', 'demo_new']}")

    up = used_world.start_up()
    up.wait_for("Ctrl-C")
    assert used_world.calls()[-1] == {"init": "demo_new", "update": "demo_top"}
    up.interrupt()


def test_new_database_comes_from_the_cached_core(world):
    up = world.start_up()
    up.wait_for("Ctrl-C")
    up.interrupt()
    assert world.run("reset", "--yes").returncode == 0
    count = len(world.calls())

    up = world.start_up()
    up.wait_for("from the cache")
    up.wait_for("Ctrl-C")
    # Only ours are installed, the rest comes out of the dump.
    [added] = world.calls()[count:]
    assert added["init"].startswith("demo_base,")
    assert added["init"].endswith("demo_top")
    assert not added["update"]
    up.interrupt()


def test_background_run_tells_its_state(used_world):
    assert used_world.run("status").returncode == 3

    started = used_world.run(*used_world.up_arguments(), "--detach")
    assert started.returncode == 0, started.stdout + started.stderr
    status = used_world.run("status")
    assert status.returncode == 0
    assert f"http://localhost:{used_world.port}" in status.stdout

    again = used_world.run(*used_world.up_arguments())
    assert again.returncode == 0
    assert "Already running" in again.stdout
    other = used_world.run(*used_world.up_arguments(), "--db", "elsewhere")
    assert other.returncode == 1
    assert "./crm stop" in other.stderr
    refused = used_world.run("reset", "--yes")
    assert refused.returncode == 1
    assert "./crm stop" in refused.stderr

    assert used_world.run("stop").returncode == 0
    assert used_world.run("status").returncode == 3
    used_world.assert_nothing_runs()


def test_taken_port_makes_it_choose_the_next(used_world):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", used_world.port))
        other.listen()
        up = used_world.start_up()
        up.wait_for("Ctrl-C")
        assert f"port {used_world.port} is taken" in up.text
        assert f"http://localhost:{used_world.port} is ready" not in up.text
        up.interrupt()


def test_failed_installation_is_one_sentence_and_can_be_repeated(world):
    failed = world.run(*world.up_arguments(), FAKE_ODOO_FAILS="1")
    assert failed.returncode == 1
    assert "the view of this addon is wrong" in failed.stderr
    assert "Traceback" not in failed.stderr
    world.assert_nothing_runs()

    up = world.start_up()
    up.wait_for("Ctrl-C")
    up.interrupt()


def test_mails_are_caught(used_world):
    up = used_world.start_up()
    up.wait_for("Ctrl-C")
    line = next(line for line in up.lines if line.startswith("Mails:"))
    page = urllib.request.urlopen(line.split()[-1]).read().decode()
    assert "Aucun mail" in page
    up.interrupt()
