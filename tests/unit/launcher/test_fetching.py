"""Odoo and Python packages: the ways, the fallbacks, what is said when none works."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from launcher import debian_odoo, odoo_source, python_env
from launcher.console import Trouble
from launcher.odoo_source import ensure_odoo

URIS = (
    "'http://mirror.example/pool/o/odoo-19_19.0.0+dfsg-1_all.deb'"
    " odoo-19_19.0.0+dfsg-1_all.deb 123 SHA256:" + "ab" * 32 + "\n"
    "'http://mirror.example/pool/f/x_0_all.deb' fonts-x_2%3a0~2017_all.deb 5 SHA256:"
    + "cd"
    * 32
)


@pytest.fixture(autouse=True)
def no_odoo_home(monkeypatch):
    monkeypatch.delenv("ODOO_HOME", raising=False)


def make_tree(folder, version="(19, 0, 0, FINAL, 0, '')"):
    (folder / "odoo" / "addons" / "base").mkdir(parents=True)
    (folder / "addons" / "web").mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(f"version_info = {version}\n")
    return folder


def test_odoo_home_is_used_as_it_is(monkeypatch, tmp_path, paths):
    home = make_tree(tmp_path / "home")
    monkeypatch.setenv("ODOO_HOME", str(home))
    odoo = ensure_odoo(paths)
    assert odoo.pythonpath == home
    assert odoo.addons_path == (home / "odoo" / "addons", home / "addons")
    assert odoo.env({"PYTHONPATH": "/x"})["PYTHONPATH"] == f"{home}{os.pathsep}/x"


def test_odoo_home_of_another_version_is_refused(monkeypatch, tmp_path, paths):
    home = make_tree(tmp_path / "home", "(18, 0, 0, FINAL, 0, '')")
    monkeypatch.setenv("ODOO_HOME", str(home))
    with pytest.raises(Trouble) as caught:
        ensure_odoo(paths)
    assert "is not Odoo 19.0" in caught.value.sentence


def test_odoo_home_without_odoo_is_refused(monkeypatch, tmp_path, paths):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(Trouble) as caught:
        ensure_odoo(paths)
    assert "holds no Odoo" in caught.value.sentence


def test_package_list_of_apt_is_understood():
    first, second = debian_odoo.read_uris(URIS)
    assert (first.file_name, first.size_bytes) == ("odoo-19_19.0.0+dfsg-1_all.deb", 123)
    assert first.version == "19.0.0+dfsg-1"
    assert second.version == "2:0~2017"


def test_mirror_is_the_machine_s_own(programs):
    programs(
        "apt-get",
        "echo 'tool main http://elsewhere.example'\n"
        "echo 'bookworm contrib http://mirror.example/debian'\n"
        "echo 'bookworm main http://mirror.example/debian'",
    )
    found = debian_odoo.find_mirror("bookworm")
    assert found == ("http://mirror.example/debian", "bookworm")


def test_damaged_download_is_not_used(tmp_path):
    content = b"package"
    digest = hashlib.sha256(content).hexdigest()
    archive = debian_odoo.Archive("x_1_all.deb", len(content), digest)
    assert not debian_odoo._is_whole(tmp_path, archive)
    (tmp_path / "x_1_all.deb").write_bytes(b"pAckage")
    assert not debian_odoo._is_whole(tmp_path, archive)
    (tmp_path / "x_1_all.deb").write_bytes(content)
    assert debian_odoo._is_whole(tmp_path, archive)


def test_links_to_nowhere_are_found(tmp_path):
    (tmp_path / "good").symlink_to("target")
    (tmp_path / "target").touch()
    (tmp_path / "bad").symlink_to("../absent")
    assert debian_odoo.find_dangling_links(tmp_path) == [tmp_path / "bad"]


def test_without_network_both_ways_are_named(programs, paths):
    programs("apt-get", "echo 'E: Temporary failure resolving' >&2; exit 100")
    programs(
        "git", "echo 'fatal: unable to access: Could not resolve host' >&2; exit 128"
    )
    with pytest.raises(Trouble) as caught:
        ensure_odoo(paths)
    assert "Temporary failure resolving" in caught.value.sentence
    assert "Could not resolve host" in caught.value.sentence
    assert "ODOO_HOME" in caught.value.remedy
    assert not (paths.cache / "odoo" / "selected").exists()


def test_git_is_the_way_where_there_is_no_apt(only_programs, monkeypatch, paths):
    # A real repository stands for Odoo's: only its address differs.
    monkeypatch.setenv("PATH", os.environ["PATH"] + ":/usr/bin:/bin")
    origin = make_tree(paths.root / "origin")
    for command in (
        "init -q -b 19.0",
        "add -A",
        "-c user.name=x -c user.email=x@example.com commit -q -m x",
    ):
        assert os.system(f"git -C '{origin}' {command}") == 0  # noqa: S605
    monkeypatch.setenv("ODOO_GIT_URL", f"file://{origin}")
    only_programs("apt-get", "exit 1")
    odoo = ensure_odoo(paths)
    assert odoo.build.startswith("git-")
    assert odoo.addons_path[1].name == "addons"
    # Fetched once: the next run needs neither network nor git.
    monkeypatch.setenv("ODOO_GIT_URL", "file:///absent")
    assert ensure_odoo(paths) == odoo


def test_interrupted_unpacking_does_not_count(paths):
    folder = paths.cache / "odoo"
    (folder / "deb-1.partial").mkdir(parents=True)
    assert odoo_source._open_selected(folder) is None
    (folder / "selected").write_text("deb-1\n")
    assert odoo_source._open_selected(folder) is None


def test_package_index_out_of_reach_is_one_sentence(monkeypatch, programs, paths):
    python = programs(
        "python3",
        'case "$*" in\n'
        '*"-c "*) echo 3 11 x86_64 cpython;;\n'
        '*"-m venv"*) mkdir -p "$3/bin" "$3/lib/python3.11/site-packages";'
        ' cp "$0" "$3/bin/python";;\n'
        "*-V*) exit 0;;\n"
        "*install*) echo 'WARNING: Temporary failure in name resolution'; exit 1;;\n"
        "esac",
    )
    monkeypatch.setattr(python_env, "SYSTEM_PYTHON", str(python))
    (paths.root / "requirements.txt").write_text("lxml==6\n")
    with pytest.raises(Trouble) as caught:
        python_env.ensure_venv(paths, dev=False)
    assert "no network" in caught.value.sentence
    assert "resumes" in caught.value.remedy
    # Nothing says it is complete: the next run goes on.
    assert not list(paths.cache.glob("venv/*/complete"))


def test_pins_and_python_decide_on_the_environment(tmp_path):
    python = python_env._Python("/usr/bin/python3", 11, "3 11 x86_64 cpython", True)
    newer = python_env._Python("/usr/bin/python3", 12, "3 12 x86_64 cpython", True)
    file = tmp_path / "requirements.txt"
    file.write_text("lxml==6\n")
    key = python_env.make_key(python, [file])
    assert python_env.make_key(newer, [file]) != key
    file.write_text("lxml==7\n")
    assert python_env.make_key(python, [file]) != key


def test_python_without_venv_gets_its_package(monkeypatch, programs, paths):
    python = programs("python3", "echo 3 11 x86_64 cpython; exit 1")
    monkeypatch.setattr(python_env, "SYSTEM_PYTHON", str(python))
    monkeypatch.setattr(python_env.sys, "executable", str(python))
    asked = []
    monkeypatch.setattr(
        python_env.system, "install_packages", lambda names, why: asked.append(names)
    )
    with pytest.raises(Trouble):
        python_env.ensure_venv(paths, dev=False)
    assert asked == [["python3-venv"]]


def test_two_runs_at_once_fetch_once(programs, paths):
    tree = make_tree(paths.root / "origin")
    programs("apt-get", "exit 1")
    programs(
        "git",
        'case "$*" in\n'
        "*rev-parse*) echo 0123456789abcdef;;\n"
        f'*clone*) echo clone >> "{paths.root}/calls"; sleep 0.5;\n'
        f'  for last; do :; done; cp -r "{tree}" "$last"; mkdir "$last/.git";;\n'
        "esac",
    )
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ensure_odoo, [paths, paths])
    assert first == second
    assert first.build == "git-0123456789ab"
    assert (paths.root / "calls").read_text().splitlines() == ["clone"]
