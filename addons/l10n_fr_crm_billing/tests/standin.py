"""The stand-in of the company register, taken from the checkout."""

import importlib.util
import sys
from pathlib import Path
from unittest import SkipTest

CHECKOUT = Path(__file__).resolve().parents[3]


def load_register():
    """Import tests/standins/register; the addon alone has none."""
    name = "l10n_fr_crm_billing_register_standin"
    if name in sys.modules:
        return sys.modules[name]
    folder = CHECKOUT / "tests" / "standins" / "register"
    if not folder.is_dir():
        raise SkipTest("the stand-in lives in the checkout, not in the addon")
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
