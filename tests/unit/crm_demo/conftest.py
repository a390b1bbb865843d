from pathlib import Path

import pytest

from odoo.addons.crm_demo.lib import history, tables

DATA = Path(__file__).resolve().parents[3] / "addons" / "crm_demo" / "data"


@pytest.fixture(scope="session")
def read():
    """Read one table of the story by its name."""
    return lambda name: tables.read_rows(DATA / f"{name}.csv")


@pytest.fixture(scope="session")
def story(read):
    return history.Tables(
        quarters=read("quarters"),
        pinned=read("pinned_deals"),
        clients=read("clients"),
        subjects=read("subjects"),
        products=read("products"),
        lost_reasons=read("lost_reasons"),
        sources=read("sources"),
    )
