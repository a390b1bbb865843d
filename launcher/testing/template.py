"""The database that every server stage copies, built once per content.

Two floors: the core (addons of others, kept as a dump in the user's cache) and,
on top, our addons with their asset bundles compiled. A database counts only
under its final name, which it gets when it is complete.
"""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .. import proc
from ..addons import Addon, hash_addon, resolve
from ..core_template import create_core_database
from ..locks import locked
from . import report
from .logs import check_logs
from .workspace import LEAVES, Workspace

# What a demo company tells is told at installation: these lines count as tested by
# the tests that read the story.
COVERAGE = "coverage.data"


@dataclass(frozen=True)
class Templates:
    """Names of the finished databases.

    :param core: addons of others only
    :param suite: all our addons except the leaves
    """

    core: str
    suite: str


def suite_addons(workspace: Workspace) -> dict[str, Addon]:
    """Our addons that share one database: all but the leaves."""
    return {n: a for n, a in workspace.addons.items() if n not in LEAVES}


def ensure_templates(workspace: Workspace) -> Templates:
    """Return the templates, built when their content is new."""
    with locked(workspace.folder / "templates.lock"):
        core = ensure_core(workspace)
        suite = ensure_installed(workspace, "suite", core, suite_addons(workspace))
    return Templates(core, suite)


def exports_folder(workspace: Workspace, database: str) -> Path:
    """Return the folder of the `.pot` files of a template's addons."""
    return workspace.folder / "exports" / database


def ensure_bare(workspace: Workspace) -> str:
    """Return the database that holds Odoo's base and nothing else."""
    key = _key([workspace.odoo.build, workspace.venv.folder.name])
    name = workspace.database(f"bare_{key}")
    with locked(workspace.folder / "bare.lock"):
        if name not in workspace.databases():
            draft = _new_draft(workspace)
            _install(workspace, draft, ["-i", "base"], "bare")
            workspace.rename(draft, name)
            _drop_others(workspace, "bare_", name)
    return name


def ensure_core(workspace: Workspace) -> str:
    """Return the database that holds the addons ours depend on, and French."""
    modules = resolve(workspace.addons, workspace.addons).core
    key = _key([workspace.odoo.build, workspace.venv.folder.name, *modules])
    name = workspace.database(f"core_{key}")
    if name not in workspace.databases():
        draft = workspace.database("draft")
        workspace.drop(draft)
        create_core_database(workspace.server, draft, modules, french=False)
        workspace.rename(draft, name)
        _drop_others(workspace, "core_", name)
    return name


def ensure_installed(
    workspace: Workspace, kind: str, below: str, addons: dict[str, Addon]
) -> str:
    """Return the database `below` with `addons` installed and warmed up."""
    key = _key([below, *(f"{n}={hash_addon(a.folder)}" for n, a in addons.items())])
    name = workspace.database(f"{kind}_{key}")
    if name not in workspace.databases():
        draft = workspace.database("draft")
        workspace.clone(below, draft)
        exports = exports_folder(workspace, name)
        exports.mkdir(parents=True, exist_ok=True)
        args = ["-i", ",".join(sorted(addons))]
        recorded = exports / COVERAGE if kind == "leaves" else None
        log = _install(workspace, draft, args, kind, coverage=recorded)
        _inside(workspace, "export_terms", draft, log, "--folder", exports, *addons)
        _inside(workspace, "warm", draft, log)
        (exports / "troubles.txt").write_text(check_logs([log]))
        workspace.rename(draft, name)
        _drop_others(workspace, f"{kind}_", name)
    return name


def leaf_addons(workspace: Workspace) -> dict[str, Addon]:
    """Our addons that need everything else."""
    return {n: a for n, a in workspace.addons.items() if n in LEAVES}


def ensure_leaves(workspace: Workspace, templates: Templates) -> str:
    """Return the database with the leaves on top of the suite."""
    with locked(workspace.folder / "templates.lock"):
        above = leaf_addons(workspace)
        return ensure_installed(workspace, "leaves", templates.suite, above)


def ensure_terms(workspace: Workspace, templates: Templates) -> Path:
    """Return one folder with the `.pot` of every addon, leaves included."""
    folder = workspace.folder / "exports" / "all"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for database in (templates.suite, ensure_leaves(workspace, templates)):
        for file in exports_folder(workspace, database).glob("*.pot"):
            shutil.copy(file, folder / file.name)
    return folder


def _key(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _new_draft(workspace: Workspace) -> str:
    draft = workspace.database("draft")
    workspace.drop(draft)
    workspace.postgres.createdb(draft)
    return draft


def _install(
    workspace: Workspace,
    database: str,
    args: list[str],
    kind: str,
    coverage: Path | None = None,
) -> Path:
    """Run Odoo once on a database; return its log.

    :param coverage: file that receives which of our lines ran
    """
    log = workspace.logs / f"template_{kind}.log"
    log.unlink(missing_ok=True)
    conf = workspace.write_conf("template")
    common = ["-c", conf, "-d", database, "--stop-after-init", "--no-http"]
    workspace.run_odoo([*common, "--skip-auto-install", *args], log, coverage)
    return log


def _inside(
    workspace: Workspace, script: str, database: str, log: Path, *args: object
) -> None:
    conf = workspace.write_conf("template")
    workspace.run_inside(script, ["-c", conf, "-d", database, *args], log)


def _drop_others(workspace: Workspace, prefix: str, kept: str) -> None:
    """Forget what earlier contents have left."""
    for name in workspace.databases():
        if name.startswith(workspace.database(prefix)) and name != kept:
            workspace.drop(name)


def check_installed(
    workspace: Workspace, database: str, addons: dict[str, Addon]
) -> list[report.Case]:
    """Judge a template: the log of its making, and the French of its addons."""
    exports = exports_folder(workspace, database)
    shipped = [a.folder for a in addons.values() if _is_shipped(workspace, a)]
    module = ["-m", "launcher.testing.catalogues", "--exports", exports]
    done = proc.run(
        [workspace.venv.python, *module, *shipped],
        cwd=workspace.paths.root,
        env=workspace.venv.env(),
        check=False,
    )
    complaint = (done.stderr or b"").decode(errors="replace") + done.stdout
    troubles = (exports / "troubles.txt").read_text()
    return [
        report.Case("installation log", failure=troubles),
        report.Case("French catalogues", failure=complaint if done.returncode else ""),
    ]


def _is_shipped(workspace: Workspace, addon: Addon) -> bool:
    """Nobody reads an addon that only tests install: it needs no French."""
    return addon.folder.parent == workspace.paths.addons
