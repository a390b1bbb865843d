"""`./crm test`: everything CI runs, cheap first (docs/testing.md)."""

import argparse

STAGES = {
    "lint": "what can be seen in the sources",
    "unit": "lib/ and providers/ without Odoo",
    "addons": "addon tests inside Odoo, with coverage",
    "install": "each addon alone: install, upgrade, uninstall",
    "e2e": "journeys in a browser against a real server",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `./crm test`."""
    parser.add_argument(
        "targets",
        nargs="*",
        help="only these: addons/<name>, or paths under tests/unit, install, e2e",
    )
    parser.add_argument(
        "-k", dest="words", help="only tests whose name matches (pytest's -k)"
    )
    parser.add_argument(
        "-x", dest="fail_fast", action="store_true", help="stop at the first bad stage"
    )
    for name, purpose in STAGES.items():
        parser.add_argument(f"--{name}", action="store_true", help=purpose)


def run(args: argparse.Namespace) -> int:
    """Run the stages that are asked for; 0 when nothing failed."""
    # Only here: scripts that run inside Odoo import this package too.
    from .pipeline import run_pipeline

    return run_pipeline(args)
