"""Odoo 19 Community, from the first place that works.

1. ``ODOO_HOME``: a source tree that is already there.
2. The distribution's package, unpacked privately (see debian_odoo.py).
3. A shallow git clone of branch 19.0.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import debian_odoo, proc
from .console import Trouble, say
from .locks import locked
from .paths import COLD_BYTES, Paths

GIT_URL = "https://github.com/odoo/odoo.git"
GIT_BRANCH = "19.0"


@dataclass(frozen=True)
class OdooSource:
    """An Odoo that can be run.

    :param pythonpath: folder that holds the package ``odoo``
    :param addons_path: folders of the core addons
    :param build: what tells this Odoo from another one
    """

    pythonpath: Path
    addons_path: tuple[Path, ...]
    build: str

    def env(self, base: dict[str, str]) -> dict[str, str]:
        """``base`` with this Odoo importable."""
        others = base.get("PYTHONPATH")
        value = os.pathsep.join([str(self.pythonpath), *([others] if others else [])])
        return {**base, "PYTHONPATH": value}


def ensure_odoo(paths: Paths) -> OdooSource:
    """The Odoo to run, fetched when it is not there yet."""
    home = os.environ.get("ODOO_HOME")
    if home:
        return _open_home(Path(home))
    folder = paths.cache / "odoo"
    found = _open_selected(folder)
    if found:
        return found
    paths.need_writable_cache()
    with locked(folder / "fetch.lock", on_wait=_say_waiting):
        found = _open_selected(folder)
        if found:
            return found
        paths.need_space(paths.cache, COLD_BYTES)
        name = _fetch(paths, folder)
        # Written last: without it the folder does not count.
        (folder / "selected").write_text(f"{name}\n")
    return _open(folder / name, name)


def _say_waiting() -> None:
    say("    another run is fetching Odoo: waiting for it")


def _open_home(home: Path) -> OdooSource:
    for folder in (home, home.parent):
        release = folder / "odoo" / "release.py"
        if release.is_file():
            if not re.search(r"version_info\s*=\s*\(19, 0", release.read_text()):
                raise Trouble(
                    f"ODOO_HOME ({home}) is not Odoo 19.0.",
                    "Point ODOO_HOME at a tree of branch 19.0, or unset it.",
                )
            stamp = f"{folder.resolve()} {_git_commit(folder)}"
            return _describe(folder, "home-" + _short_hash(stamp))
    raise Trouble(
        f"ODOO_HOME ({home}) holds no Odoo (no odoo/release.py there).",
        "Point ODOO_HOME at the folder that contains 'odoo/' and 'addons/', "
        "or unset it.",
    )


def _git_commit(folder: Path) -> str:
    git = proc.find_program("git")
    if not git or not (folder / ".git").exists():
        return ""
    command = [git, "-C", folder, "rev-parse", "HEAD"]
    return proc.run(command, check=False).stdout.strip()


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _open_selected(folder: Path) -> OdooSource | None:
    mark = folder / "selected"
    if not mark.is_file():
        return None
    name = mark.read_text().strip()
    return _open(folder / name, name) if (folder / name).is_dir() else None


def _open(folder: Path, name: str) -> OdooSource:
    packaged = folder / debian_odoo.PYTHON_FOLDER
    if packaged.is_dir():
        # Beside it the package has a partial addons/ folder, which is not wanted.
        return OdooSource(packaged, (packaged / "odoo" / "addons",), name)
    return _describe(folder, name)


def _describe(folder: Path, build: str) -> OdooSource:
    addons = [folder / "odoo" / "addons"]
    # A git tree keeps most addons beside the package; the unpacked
    # distribution package keeps all of them inside.
    if not (addons[0] / "web").is_dir():
        addons.append(folder / "addons")
    return OdooSource(folder, tuple(addons), build)


def _fetch(paths: Paths, folder: Path) -> str:
    sources: tuple[tuple[str, Callable[[Paths, Path], str]], ...] = (
        ("the distribution's package", debian_odoo.fetch),
        ("git", _clone),
    )
    reasons = []
    for title, fetch in sources:
        try:
            return fetch(paths, folder)
        except (proc.CommandError, debian_odoo.Unavailable, OSError) as error:
            reason = getattr(error, "last_line", None) or str(error)
            if "No space left" in reason:
                raise Trouble(
                    "The disk filled up while Odoo was being fetched.",
                    "Free about 3 GB and run ./crm again: it resumes.",
                ) from error
            reasons.append(f"{title}: {reason}")
    raise Trouble(
        f"Odoo 19 could not be fetched ({'; '.join(reasons)}).",
        "Check the network and run ./crm again (it resumes), or set ODOO_HOME to "
        "a source tree of branch 19.0.",
    )


def _clone(paths: Paths, folder: Path) -> str:
    git = proc.find_program("git")
    if not git:
        raise debian_odoo.Unavailable("git is not installed")
    partial = folder / "clone.partial"
    shutil.rmtree(partial, ignore_errors=True)
    url = os.environ.get("ODOO_GIT_URL", GIT_URL)
    env = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    clone = [git, "clone", "-q", "--depth", "1", "--branch", GIT_BRANCH]
    proc.run([*clone, "--", url, partial], env=env)
    name = f"git-{_git_commit(partial)[:12]}"
    shutil.rmtree(folder / name, ignore_errors=True)
    partial.rename(folder / name)
    return name
