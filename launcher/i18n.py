"""`./crm i18n`: export the terms of our addons, bring fr.po in line, check it."""

import argparse

from . import proc
from .console import say
from .paths import find_paths
from .python_env import ensure_venv
from .testing.template import ensure_templates, ensure_terms
from .testing.workspace import StageFailure, open_workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("addons", nargs="*", help="only these addons")
    parser.add_argument(
        "--check", action="store_true", help="report only, change no catalogue"
    )


def run(args: argparse.Namespace) -> int:
    """Update and check the catalogues; 1 when a term lacks its French."""
    paths = find_paths()
    paths.prepare()
    venv = ensure_venv(paths, dev=True)
    with open_workspace(paths, venv) as workspace:
        shipped = {
            name: addon
            for name, addon in workspace.addons.items()
            if addon.folder.parent == paths.addons
        }
        chosen = args.addons or sorted(shipped)
        unknown = sorted(set(chosen) - set(shipped))
        if unknown:
            say(f"There is no addon {', '.join(unknown)}.")
            return 1
        try:
            exports = ensure_terms(workspace, ensure_templates(workspace))
        except StageFailure as failure:
            say(failure.text)
            return 1
        module = ["-m", "launcher.testing.catalogues", "--exports", exports]
        update = [] if args.check else ["--update"]
        folders = [shipped[name].folder for name in chosen]
        done = proc.run(
            [venv.python, *module, *update, *folders],
            cwd=paths.root,
            env=venv.env(),
            check=False,
        )
    say(done.stdout + (done.stderr or b"").decode(errors="replace"))
    return done.returncode
