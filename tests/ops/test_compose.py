"""docker-compose.yml without an engine: the specification, Docker's own parser
where it is installed, and what the file promises."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"


@pytest.fixture(scope="module")
def project():
    """The file with its anchors merged; ${...} are left as written."""
    return yaml.safe_load(FILE.read_text())


def _docker_compose():
    """The command of Docker Compose 2, or None. It needs no engine to parse."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if not shutil.which(command[0]):
            continue
        shown = subprocess.run([*command, "version"], capture_output=True, text=True)
        if shown.returncode == 0 and "Compose version" in shown.stdout:
            return command
    return None


def test_follows_the_compose_specification():
    if not importlib.util.find_spec("check_jsonschema"):
        pytest.skip("check-jsonschema holds the schema of the specification")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema"]
        + ["--builtin-schema", "vendor.compose-spec", str(FILE)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("environment", [{}, {"CRM_DEMO": "0"}, {"CRM_TLS": "./tls"}])
def test_docker_compose_accepts_it(environment):
    command = _docker_compose()
    if not command:
        pytest.skip("Docker Compose is not installed")
    done = subprocess.run(
        [*command, "-f", str(FILE), "config", "--quiet"],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    assert "not set" not in done.stderr


def test_has_the_promised_services(project):
    assert set(project["services"]) == {
        "setup",
        "db",
        "odoo",
        "proxy",
        "backup",
        "mail",
        "stripe",
        "llm",
    }


def test_every_reference_leads_somewhere(project):
    services, networks = project["services"], project["networks"]
    for name, service in services.items():
        for needed in service.get("depends_on", {}):
            assert needed in services, name
        for network in service.get("networks", []):
            assert network in networks, name
        for mount in service.get("volumes", []):
            assert _default(mount.rsplit(":/srv")[0]) in project["volumes"] or (
                mount.startswith("database:")
            ), mount


def _default(text):
    """${NAME:-value} as it reads when NAME is not set."""
    return text.removeprefix("${").removesuffix("}").rpartition(":-")[2]


def test_every_service_is_locked_down(project):
    for name, service in project["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name


def test_nothing_runs_as_root(project):
    assert project["services"]["db"]["user"] == "postgres"
    users, current = {}, None
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        words = line.split()
        if words[:1] == ["FROM"]:
            current = words[3]
        elif words[:1] == ["USER"]:
            users[current] = words[1]
    built = {s["build"]["target"] for s in project["services"].values() if "build" in s}
    assert built == {"suite", "proxy"}
    assert all(users[target] == "crm" for target in built)


def test_long_running_services_have_a_health_check(project):
    for name in ("db", "odoo", "proxy", "backup"):
        assert project["services"][name]["healthcheck"]["test"][0] == "CMD", name


def test_only_the_proxy_and_the_trial_pages_are_published(project):
    published = {n: s["ports"] for n, s in project["services"].items() if "ports" in s}
    assert set(published) == {"proxy", "odoo"}
    pages = published["odoo"]
    assert [port.rsplit(":", 1)[1] for port in pages] == ["8025", "12111"]
    assert all(port.startswith("127.0.0.1:") for port in pages)


def test_stand_ins_share_the_network_of_the_server_and_go_in_production(project):
    for name in ("mail", "stripe"):
        assert project["services"][name]["network_mode"] == "service:odoo"
        assert project["services"][name]["scale"] == "${CRM_DEMO:-1}"


def test_the_proxy_sees_neither_data_nor_passwords(project):
    mounts = project["services"]["proxy"]["volumes"]
    assert {mount.rsplit(":", 2)[1] for mount in mounts} == {
        "/srv/crm/tls",
        "/srv/crm/acme",
    }


def test_no_secret_is_written_in_it(project):
    for name, service in project["services"].items():
        for variable, value in service.get("environment", {}).items():
            if "PASSWORD" in variable or "SECRET" in variable:
                assert variable.endswith("_FILE"), (name, variable)
                assert "/srv/crm/" in value or value.startswith("${"), (name, variable)


def test_database_is_of_the_same_version_as_the_tools_in_the_image(project):
    # Debian 12 has PostgreSQL 15: an older pg_dump refuses a newer server.
    assert "FROM debian:bookworm-slim" in (ROOT / "Dockerfile").read_text()
    assert project["services"]["db"]["image"].startswith("postgres:15")


def test_commands_exist(project):
    for name, service in project["services"].items():
        health = service.get("healthcheck", {}).get("test", [])[1:]
        for words in (service.get("command", []), health):
            if words and words[0].startswith("config/"):
                assert os.access(ROOT / words[0], os.X_OK), (name, words[0])
            if words[:2] == ["python3", "-m"]:
                module = ROOT / words[2].replace(".", "/") / "__main__.py"
                assert module.is_file(), (name, words[2])


def test_every_value_is_explained():
    used = set(re.findall(r"\$\{(CRM_\w+)", FILE.read_text()))
    example = (ROOT / "config" / "example.env").read_text()
    explained = set(re.findall(r"^#?(CRM_\w+)=", example, re.MULTILINE))
    assert used <= explained, used - explained
