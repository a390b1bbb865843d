"""The commands of ./crm."""

import argparse
import importlib
import os

from . import commands, proc, system
from .console import Trouble
from .paths import find_paths

_HELP = """\
One launcher for the CRM suite.

  ./crm up              start everything; Ctrl-C stops it (--detach: background)
  ./crm stop | status   end what runs in the background | say what runs
  ./crm test            run every test, or parts: addons/<name>, -k words, --unit
  ./crm lint [--fix]    check the code          ./crm i18n   check the translations
  ./crm shell | psql    a Python shell of Odoo | a database terminal
  ./crm backup FILE     save database and files ./crm restore FILE   into a new database
  ./crm rotate-secrets  encrypt all secrets with a new key
  ./crm doctor          say what is missing on this machine, and the remedy
  ./crm reset           delete the database (--all: all state, --cache: downloads)
  ./crm bench [name]    repeatable measurements
  ./crm install         only fetch Odoo and Python packages
  ./crm serve           production server, foreground (see docs/operate.md)

./crm COMMAND --help says more.
"""


# Modules with add_arguments(parser) and run(args); imported when they are asked for.
_MODULES = {"test": "testing", "bench": "bench", "lint": "lint", "i18n": "i18n"}


def make_parser(command: str) -> argparse.ArgumentParser:
    """The parser that knows this command."""
    parser = argparse.ArgumentParser(
        prog="./crm", usage="./crm COMMAND (./crm alone lists them)"
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", prog="./crm")
    commands.register(subparsers)
    for name, module_name in _MODULES.items():
        child = subparsers.add_parser(name)
        if name == command:
            _register_module(child, module_name)
    return parser


def _register_module(parser: argparse.ArgumentParser, name: str) -> None:
    module = importlib.import_module(f".{name}", __package__)
    parser.description = module.__doc__
    module.add_arguments(parser)
    parser.set_defaults(run=lambda args, paths: module.run(args))


def main(arguments: list[str]) -> int:
    """Run one command; every trouble ends as a sentence and exit code 1."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_HELP, end="")
        return 0
    system.complete_path()
    proc.interruption.install()
    try:
        return _run(arguments)
    except Trouble as trouble:
        trouble.show()
        return 1
    except KeyboardInterrupt:
        return 130
    except proc.CommandError as error:
        return _explain_command_error(error)
    except OSError as error:
        return _explain_os_error(error)
    finally:
        proc.stop_all()


def _run(arguments: list[str]) -> int:
    args = make_parser(arguments[0]).parse_args(arguments)
    args.arguments = arguments
    paths = find_paths()
    paths.prepare()
    return args.run(args, paths)


def _explain_command_error(error: proc.CommandError) -> int:
    """A program failed where nobody expected it: still no traceback."""
    Trouble(
        f"{error}: {error.last_line}.",
        "./crm doctor looks at this machine; CRM_DEBUG=1 shows where it happened.",
    ).show()
    if os.environ.get("CRM_DEBUG"):
        raise error
    return 1


def _explain_os_error(error: OSError) -> int:
    """A full disk or a missing right may show anywhere."""
    place = error.filename or "a file"
    Trouble(
        f"{place}: {error.strerror or error}.",
        "Free some disk space, or check the rights of this folder; then run the "
        "same command again: it resumes.",
    ).show()
    if os.environ.get("CRM_DEBUG"):
        raise error
    return 1
