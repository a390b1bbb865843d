#!/usr/bin/env python3
"""Build a stage of the Dockerfile without a container engine.

    sudo python3 -m tests.ops.try_image suite /var/tmp/suite [NAME=VALUE ...]
    sudo python3 -m tests.ops.try_image --enter suite /var/tmp/suite [NAME=VALUE ...] \
        -- COMMAND ...

Debian comes from debootstrap (package debootstrap), each RUN line is run for
real in a chroot with processes and mounts of its own, as the user of the last
USER line; COPY copies what git knows. NAME=VALUE are build arguments or further
variables (a package index, a certificate bundle). A command that enters sees what
docker-compose.yml gives: everything read-only but the volumes and /tmp. Not a test:
it downloads about 1 GB. A step that was done for the same lines is not repeated.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .dockerfile import read_dockerfile

ROOT = Path(__file__).resolve().parents[2]
MOUNT_PROC = 'mount -t proc proc "$0/proc" && exec "$@"'
VOLUMES = "srv/crm/state srv/crm/backups srv/crm/secrets srv/crm/tls"
MOUNT_LIKE_COMPOSE = f"""
mount --bind "$0" "$0" && mount -t proc proc "$0/proc" || exit
for volume in {VOLUMES}; do mount --bind "$0/$volume" "$0/$volume" || exit; done
for folder in tmp home/crm dev/shm; do
    mount -t tmpfs -o mode=1777 tmpfs "$0/$folder" || exit
done
mount -o remount,bind,ro "$0" || exit
cd / && exec "$@"
"""


class Builder:
    """State of a build: where we are, who runs, with which variables."""

    def __init__(self, folder, variables):
        self.folder = folder
        self.given = variables
        self.variables = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"}
        self.workdir = "/"
        self.user = "root"
        self.seen = hashlib.sha256()

    def build(self, stage):
        """Play the instructions of this stage and of the one it comes from."""
        instructions = read_dockerfile((ROOT / "Dockerfile").read_text())
        for step in instructions:
            if step.stage in ("base", stage):
                self.play(step)

    def play(self, step):
        method = getattr(self, f"_{step.name.lower()}", None)
        if method:
            method(step.value)

    def _from(self, value):
        image = value.split()[0]
        if image.startswith("debian:") and not (self.folder / "etc").exists():
            suite = image.removeprefix("debian:").split("-")[0]
            run(["debootstrap", "--variant=minbase", suite, self.folder])

    def _env(self, value):
        for pair in value.split():
            name, _equals, content = pair.partition("=")
            self.variables[name] = content

    def _arg(self, value):
        name, _equals, content = value.partition("=")
        self.variables[name] = self.given.get(name, content)

    def _workdir(self, value):
        self.workdir = value
        self._inside(value).mkdir(parents=True, exist_ok=True)

    def _user(self, value):
        self.user = value

    def _copy(self, value):
        *sources, target = value.split()
        base = self._inside(os.path.join(self.workdir, target))
        for source in sources:
            for name in _known_to_git(source):
                own = name if source == "." else os.path.relpath(name, source)
                place = base / (Path(name).name if own == "." else own)
                if target.rstrip("/") == "." and source != ".":
                    place = base / name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, place)

    def _run(self, value):
        print(f"RUN {value[:100]}", flush=True)
        self.seen.update(value.encode())
        done = self._inside(f"/var/tmp/done-{self.seen.hexdigest()[:16]}")
        if not done.exists():
            self.enter(["sh", "-c", value])
            done.touch()

    def enter(self, command, mount=MOUNT_PROC):
        """Run a command inside, with processes and mounts of its own."""
        variables = {**self.variables, **self.given, "HOME": "/home/crm"}
        pairs = [f"{name}={value}" for name, value in variables.items()]
        there = 'cd "$0" && exec "$@"'
        run(
            [
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                mount,
            ]
            + [self.folder, "chroot", f"--userspec={self.user}", self.folder]
            + ["env", "-i", *pairs, "sh", "-c", there, self.workdir, *command]
        )

    def _inside(self, path):
        return self.folder / str(path).lstrip("/")


def _known_to_git(source):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard", "--", source],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    names = [name for name in listed.stdout.split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


def run(command):
    subprocess.run([str(word) for word in command], check=True)


def main(arguments):
    enter = arguments[:1] == ["--enter"]
    stage, folder, *rest = arguments[1:] if enter else arguments
    split = rest.index("--") if "--" in rest else len(rest)
    pairs, command = rest[:split], rest[split + 1 :]
    builder = Builder(Path(folder), dict(pair.split("=", 1) for pair in pairs))
    if enter:
        builder.play = _without_work(builder)
    builder.build(stage)
    if enter:
        builder.enter(command, MOUNT_LIKE_COMPOSE)


def _without_work(builder):
    """Only what sets the scene: variables, folder, user."""
    play = type(builder).play

    def scene_only(step):
        if step.name in ("ENV", "WORKDIR", "USER"):
            play(builder, step)

    return scene_only


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
