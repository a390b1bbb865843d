"""Addons on disk: their manifests, what they need, whether they changed."""

import ast
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .console import Trouble

# Folders whose content is not in the database: a change needs no upgrade.
_NOT_LOADED = {"__pycache__", "tests", "readme", "node_modules"}


@dataclass(frozen=True)
class Addon:
    """An addon that is not Odoo's own.

    :param auto_install: what must be there for it to come along, None for never
    """

    name: str
    folder: Path
    depends: tuple[str, ...]
    auto_install: frozenset[str] | None


def find_addons(folders: Iterable[Path]) -> dict[str, Addon]:
    """Every installable addon in these folders, by name; the first folder wins."""
    found: dict[str, Addon] = {}
    for folder in folders:
        for manifest in sorted(folder.glob("*/__manifest__.py")):
            addon = _read(manifest)
            if addon and addon.name not in found:
                found[addon.name] = addon
    return found


def _read(manifest: Path) -> Addon | None:
    try:
        values = ast.literal_eval(manifest.read_text(encoding="utf-8"))
    except (ValueError, SyntaxError) as error:
        raise Trouble(
            f"The manifest {manifest} cannot be read: {error}.", "Correct it."
        ) from error
    if not values.get("installable", True):
        return None
    depends = tuple(values.get("depends") or ["base"])
    auto = values.get("auto_install")
    needed = depends if auto is True else auto
    return Addon(
        name=manifest.parent.name,
        folder=manifest.parent,
        depends=depends,
        auto_install=frozenset(needed) if needed else None,
    )


@dataclass(frozen=True)
class Wanted:
    """What a database must hold.

    :param ours: addons that are not Odoo's, needed ones first
    :param core: addons of Odoo they need directly, sorted
    """

    ours: tuple[Addon, ...]
    core: tuple[str, ...]


def resolve(
    names: Iterable[str],
    known: Mapping[str, Addon],
    core_folders: Iterable[Path] = (),
) -> Wanted:
    """All that these addons need, with the glue between them.

    :param core_folders: where Odoo's own addons are, to catch wrong names
    :raise Trouble: for an addon that is nowhere
    """
    ordered: dict[str, Addon] = {}
    core: set[str] = set()
    folders = tuple(core_folders)

    def visit(name: str, needed_by: str) -> None:
        if name in ordered or name in core:
            return
        addon = known.get(name)
        if addon is None:
            _check_core(name, needed_by, folders)
            core.add(name)
            return
        for dependency in addon.depends:
            visit(dependency, name)
        ordered[name] = addon

    for name in names:
        visit(name, "")
    while glue := _find_glue(known, ordered, core):
        visit(glue, "")
    return Wanted(tuple(ordered.values()), tuple(sorted(core)))


def _find_glue(
    known: Mapping[str, Addon], ordered: Mapping[str, Addon], core: set[str]
) -> str | None:
    # An addon between two parents comes along by itself; only glue that touches
    # one of ours counts, the rest of Odoo's is not wanted automatically.
    present = set(ordered) | core
    for name, addon in sorted(known.items()):
        new = name not in ordered and addon.auto_install is not None
        if new and addon.auto_install <= present and addon.auto_install & set(ordered):
            return name
    return None


def _check_core(name: str, needed_by: str, folders: tuple[Path, ...]) -> None:
    if not folders or any((folder / name).is_dir() for folder in folders):
        return
    if needed_by:
        raise Trouble(
            f"The addon {needed_by} depends on {name}, which is nowhere.",
            "Correct the dependency, or add the package that holds it to "
            "requirements.txt.",
        )
    raise Trouble(
        f"There is no addon {name}, neither in addons/ nor in Odoo.",
        "Check the name: ls addons/.",
    )


def hash_addon(folder: Path) -> str:
    """What tells this state of an addon's files from another one."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if _NOT_LOADED.intersection(inside.parts) or path.suffix in (".pyc", ".swp"):
            continue
        if path.is_file():
            digest.update(f"{inside.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
