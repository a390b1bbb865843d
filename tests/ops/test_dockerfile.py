"""Every line of the Dockerfile that can be proved without an engine."""

import re
import subprocess
from pathlib import Path

import pytest

from .dockerfile import read_dockerfile

ROOT = Path(__file__).resolve().parents[2]
INSTRUCTIONS = read_dockerfile((ROOT / "Dockerfile").read_text())
RUNS = [step.value for step in INSTRUCTIONS if step.name == "RUN"]
LAUNCHED = re.compile(r"\./crm ([a-z-]+)((?: --[a-z-]+)*)")


def test_knows_every_instruction():
    known = {"FROM", "ENV", "RUN", "ARG", "WORKDIR", "COPY", "USER", "EXPOSE"}
    assert {step.name for step in INSTRUCTIONS} <= known | {"ENTRYPOINT", "CMD"}


@pytest.mark.parametrize("command", RUNS, ids=range(len(RUNS)))
def test_shell_commands_are_well_formed(command):
    done = subprocess.run(["sh", "-n", "-c", command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_copied_files_exist_and_are_not_ignored():
    for step in INSTRUCTIONS:
        if step.name == "COPY":
            *sources, _target = step.value.split()
            for source in sources:
                assert (ROOT / source).exists(), step


def test_launcher_commands_and_their_options_exist():
    text = " ".join(step.value for step in INSTRUCTIONS)
    used = LAUNCHED.findall(text.replace('"./crm", "', "./crm "))
    assert {name for name, _options in used} == {"install", "serve"}
    for name, options in used:
        shown = subprocess.run(
            [ROOT / "crm", name, "--help"], capture_output=True, text=True
        )
        assert shown.returncode == 0, name
        for option in options.split():
            assert option in shown.stdout, (name, option)


def test_the_production_image_prints_by_chromium():
    packages = next(
        step.value
        for step in INSTRUCTIONS
        if step.stage == "suite" and "apt-get install" in step.value
    ).split()
    assert "chromium" in packages
    # It drops the header and footer of invoices, and must never print unseen.
    assert "wkhtmltopdf" not in packages


def test_entry_points_are_programs():
    for step in INSTRUCTIONS:
        if step.name == "ENTRYPOINT":
            program = ROOT / step.value.strip('[]"')
            assert program.stat().st_mode & 0o111, program


@pytest.mark.parametrize(
    "script", sorted((ROOT / "config").rglob("*.sh")), ids=lambda path: path.name
)
def test_scripts_are_well_formed(script):
    done = subprocess.run(["sh", "-n", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_image_gets_no_secret_and_no_state():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".local", "*.env", "**/*.pem", "**/*.key"} <= set(ignored)
    assert not any(step.name == "ADD" for step in INSTRUCTIONS)
    for step in INSTRUCTIONS:
        if step.name in ("ENV", "ARG"):
            assert not re.search(r"PASSWORD|SECRET|TOKEN|KEY", step.value), step
