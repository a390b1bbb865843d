"""Lets `lib/` and `providers/` be imported without Odoo.

Empty packages named `odoo`, `odoo.addons` and one per addon are registered with
nothing but a folder path. Pure code is then imported under the same name as in
the server, no addon `__init__` runs, and whatever reaches for the ORM (or for
anything else of Odoo) fails at import.
"""

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"


def _register(name: str, folders: list[Path]) -> None:
    """Register an empty package whose modules are looked up in `folders`."""
    module = types.ModuleType(name, "Empty package made by the unit test runner.")
    module.__path__ = [str(folder) for folder in folders]
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


def _drop_odoo() -> None:
    """Forget a real Odoo that a plugin has already imported."""
    for name in [n for n in sys.modules if n == "odoo" or n.startswith("odoo.")]:
        del sys.modules[name]


_drop_odoo()
_register("odoo", [])
_register("odoo.addons", [])
for manifest in sorted(ADDONS.glob("*/__manifest__.py")):
    _register(f"odoo.addons.{manifest.parent.name}", [manifest.parent])
