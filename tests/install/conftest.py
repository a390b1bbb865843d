"""Two processes run these tests: launchers take turns, their first ports are fixed."""

from pathlib import Path

import pytest

from launcher.locks import locked

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def launchers_take_turns(request):
    """Two launchers that start at the same instant would choose the same ports."""
    if "launching" not in request.path.parts:
        yield
        return
    with locked(ROOT / ".local" / "test" / "launching.lock"):
        yield
