"""Leads made for the tests of the trainer: small, seeded, with known truths."""

import numpy as np

from odoo.addons.crm_ai_scoring.lib.scoring import Scorer
from odoo.addons.crm_ai_scoring.lib.table import Table

SOURCES = {"web": 0.0, "salon": 1.1, "appel": -0.9, "parrain": 1.6}
FIRST_DAY = 738_000


def make_leads(count=600, seed=0, *, level=-1.0, dated=False, crossed=False):
    """Return leads whose outcome depends on source, seats, and a missing phone.

    :param crossed: what counts is the sign of two numbers together, which no table of
        points can say
    """
    chance = np.random.default_rng(seed)
    source = chance.choice(list(SOURCES), count)
    seats = np.round(chance.lognormal(2, 1, count))
    phone = np.where(chance.random(count) < 0.3, None, "06")
    one, two = chance.normal(size=(2, count))
    logits = level + np.array([SOURCES[name] for name in source])
    logits = logits + 0.5 * (np.log(seats + 1) - 2) - 0.8 * (phone == np.array(None))
    if crossed:
        logits = logits + 2.0 * np.sign(one * two)
    outcomes = (chance.random(count) < 1 / (1 + np.exp(-logits))).astype(float)
    columns = {
        "source": source.tolist(),
        "seats": seats,
        "phone": phone.tolist(),
        "one": one,
        "two": two,
        "noise": chance.choice(list("abcdefgh"), count).tolist(),
        "newsletter": chance.choice([True, False, None], count).tolist(),
    }
    created = FIRST_DAY + np.arange(count) * 700 // count if dated else None
    return Table.build(range(count), columns, created=created, outcomes=outcomes)


def score(model, table):
    """Return what a stored model says of each lead."""
    return Scorer(model).score(table)
