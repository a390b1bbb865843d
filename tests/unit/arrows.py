"""Who may import whom inside an addon (docs/decisions: rings and floors).

`lib/` decides, `providers/` talk, `models/` store, `controllers/` and `wizards/`
show. Every rule here reads the syntax tree, so a forbidden import is found even
when no test runs the line.
"""

import ast
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"

STDLIB = sys.stdlib_module_names
# What pure code may use besides the standard library.
LIB_ALLOWED = {
    "dateutil", "cryptography", "lxml", "numpy", "pydantic", "scipy", "sklearn",
    "stdnum", "threadpoolctl",
}  # fmt: skip
# A clock, randomness, the network and processes are parameters of `lib/`.
LIB_FORBIDDEN = {
    "asyncio", "ftplib", "http", "multiprocessing", "random", "secrets", "select",
    "smtplib", "socket", "socketserver", "subprocess", "threading", "time", "uuid",
    "xmlrpc",
}  # fmt: skip
LIB_FORBIDDEN_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("os", "urandom"),
}
PROVIDER_ALLOWED = LIB_ALLOWED | {"requests", "urllib3"}
# Folder -> folders of the same addon that it may import.
RINGS = {
    "lib": {"lib"},
    "providers": {"lib", "providers"},
    "models": {"lib", "providers", "models"},
    "report": {"lib", "models", "report"},
    "controllers": {"models", "controllers"},
    "wizards": {"models", "wizards"},
}
# Modules beside the folders (const, fields, exceptions) belong to the models' ring.
PURE_RINGS = {"lib": {"lib"}, "providers": {"lib", "providers", "const"}}


@dataclass(frozen=True)
class Import:
    """One imported module, spelled absolutely, with the line that asks for it."""

    module: str
    line: int


@dataclass(frozen=True)
class Addon:
    """What the rules need to know of an addon."""

    name: str
    closure: frozenset[str]
    sdks: frozenset[str] = field(default_factory=frozenset)


@cache
def read_manifest(name: str) -> dict:
    """Return the manifest of one of our addons."""
    text = (ADDONS / name / "__manifest__.py").read_text(encoding="utf-8")
    return ast.literal_eval(text)


def our_addons() -> list[str]:
    """Return the technical names of our addons, sorted."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))


def load_addon(name: str) -> Addon:
    """Return the addon with every addon of ours below it and its vendor SDKs."""
    seen: set[str] = set()
    queue = [name]
    while queue:
        manifest = read_manifest(queue.pop())
        for parent in manifest.get("depends", []):
            if parent not in seen and (ADDONS / parent).is_dir():
                queue.append(parent)
            seen.add(parent)
    sdks = read_manifest(name).get("external_dependencies", {}).get("python", [])
    return Addon(name, frozenset(seen), frozenset(map(_module_of, sdks)))


def _module_of(distribution: str) -> str:
    """Return the module of a distribution: `pdfminer-six` is imported as pdfminer."""
    return re.split(r"[.-]", distribution)[0]


def absolute_imports(tree: ast.AST, package: str) -> list[Import]:
    """Return the imports of a module living in `package`, spelled absolutely.

    :param package: dotted name of the folder, e.g. `odoo.addons.crm_base.lib`
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")
                parents = parents[: len(parents) - node.level + 1]
                base = ".".join(parents + ([base] if base else []))
            found += [Import(f"{base}.{a.name}", node.lineno) for a in node.names]
    return found


def clock_calls(tree: ast.AST) -> list[Import]:
    """Return calls such as `datetime.now()` that make a result unrepeatable."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        owner = getattr(owner, "attr", None) or getattr(owner, "id", None)
        if (owner, node.func.attr) in LIB_FORBIDDEN_CALLS:
            found.append(Import(f"{owner}.{node.func.attr}()", node.lineno))
    return found


def _refuse_outside(addon: Addon, ring: str, module: str) -> str | None:
    """Rule for imports that are not under `odoo.addons` (None: allowed)."""
    top = module.split(".")[0]
    if ring not in ("lib", "providers"):
        return None
    if top == "odoo":
        return "pure code may not import Odoo"
    if ring == "lib" and top in LIB_FORBIDDEN:
        return "no clock, randomness, network or process in lib/"
    if ring == "lib" and module.startswith("urllib.request"):
        return "no network in lib/"
    if top in STDLIB:
        return None
    allowed = LIB_ALLOWED if ring == "lib" else PROVIDER_ALLOWED | addon.sdks
    return None if top in allowed else f"{top} is not on the list of {ring}/"


def _refuse_sibling(addon: Addon, ring: str, owner: str, folder: str) -> str | None:
    """Rule for imports of `odoo.addons.<owner>.<folder>` (None: allowed)."""
    if owner == addon.name:
        refused = RINGS.keys() - RINGS.get(ring, RINGS.keys())
        pure = PURE_RINGS.get(ring)
        if folder in refused or (pure and folder not in pure):
            return f"{ring}/ may not import {folder}/: the arrow points outwards"
        return None
    if owner not in addon.closure:
        return f"{owner} is not in the depends of {addon.name}"
    if ring in PURE_RINGS and folder not in PURE_RINGS[ring]:
        return f"{ring}/ may only import {sorted(PURE_RINGS[ring])} of another addon"
    return None


def check_source(addon: Addon, relative: Path, source: str) -> list[str]:
    """Return one sentence per forbidden import of a file of `addon`.

    :param relative: path of the file inside the addon, e.g. `lib/money.py`
    """
    ring = relative.parts[0]
    tree = ast.parse(source)
    package = ".".join(["odoo", "addons", addon.name, *relative.parts[:-1]])
    imports = absolute_imports(tree, package)
    troubles = [
        f"{addon.name}/{relative}:{item.line}: {item.module}: {reason}"
        for item in imports
        if (reason := _judge(addon, ring, item.module))
    ]
    if ring == "lib":
        troubles += [
            f"{addon.name}/{relative}:{call.line}: {call.module}: pass it in"
            for call in clock_calls(tree)
        ]
    return troubles


def _judge(addon: Addon, ring: str, module: str) -> str | None:
    if not module.startswith("odoo.addons."):
        return _refuse_outside(addon, ring, module)
    _odoo, _addons, owner, *inside = module.split(".")
    return _refuse_sibling(addon, ring, owner, inside[0] if inside else "")


def check_addon(name: str) -> list[str]:
    """Return one sentence per forbidden import of a whole addon."""
    addon = load_addon(name)
    troubles = []
    for path in sorted((ADDONS / name).rglob("*.py")):
        relative = path.relative_to(ADDONS / name)
        if relative.parts[0] not in ("tests", "__init__.py", "__manifest__.py"):
            source = path.read_text(encoding="utf-8")
            troubles += check_source(addon, relative, source)
    return troubles
