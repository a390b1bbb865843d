"""Lets `lib/` and `providers/` be imported without Odoo.

Empty packages named `odoo`, `odoo.addons` and one per addon are registered with
nothing but a folder path. Pure code is then imported under the same name as in
the server, no addon `__init__` runs, and whatever reaches for the ORM (or for
anything else of Odoo) fails at import.
"""

import importlib
import sys


def _drop_odoo() -> None:
    """Forget a real Odoo that a plugin has already imported."""
    for name in [n for n in sys.modules if n == "odoo" or n.startswith("odoo.")]:
        del sys.modules[name]


_drop_odoo()
importlib.import_module("bench._pure")
