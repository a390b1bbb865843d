"""Lets a program import the `lib/` of our addons under their own names without Odoo."""

import sys
import types
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[1] / "addons"


def register(*names: str) -> None:
    """Register empty packages `odoo`, `odoo.addons` and one per addon named."""
    folders = {"odoo": [], "odoo.addons": []}
    folders |= {f"odoo.addons.{name}": [str(ADDONS / name)] for name in names}
    for name, path in folders.items():
        package = types.ModuleType(name, "Empty package, for pure code only.")
        package.__path__ = path
        sys.modules[name] = package
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, package)
