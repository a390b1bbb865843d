"""Fixtures of the stages that need a database: a workspace and its templates.

The launcher prepares both before it starts pytest; started by hand, pytest
prepares them itself.
"""

import pytest


@pytest.fixture(scope="session")
def workspace():
    """Odoo, PostgreSQL and folders under `.local/test`."""
    # Unit tests must not pay for the launcher.
    from launcher.paths import find_paths
    from launcher.python_env import ensure_venv
    from launcher.testing.workspace import open_workspace

    paths = find_paths()
    paths.prepare()
    with open_workspace(paths, ensure_venv(paths, dev=True)) as opened:
        yield opened
