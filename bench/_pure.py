"""Importing this lets a program import the `lib/` of our addons without Odoo.

Empty packages `odoo`, `odoo.addons` and one per addon are registered, with nothing but
a folder path. Idle threads of the numeric libraries are told not to burn processor
time that others need; both settings can be overridden from outside.
"""

import os
import sys
import types
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[1] / "addons"

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _register(name: str, folders: list[Path]) -> None:
    """Register an empty package whose modules are looked up in `folders`."""
    package = types.ModuleType(name, "Empty package, for pure code only.")
    package.__path__ = [str(folder) for folder in folders]
    sys.modules[name] = package
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)


_register("odoo", [])
_register("odoo.addons", [])
for _manifest in sorted(ADDONS.glob("*/__manifest__.py")):
    _register(f"odoo.addons.{_manifest.parent.name}", [_manifest.parent])
