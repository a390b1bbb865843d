"""Draws that are the same everywhere and for ever."""

from collections import Counter

from odoo.addons.crm_demo.lib.dice import Dice


def test_the_sequence_never_changes():
    """First outputs of splitmix64 for seed 0, as published with the algorithm."""
    dice = Dice(0)
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [dice.fraction() for _rank in range(3)] == [
        (value >> 11) / (1 << 53) for value in published
    ]


def test_between_reaches_both_ends_and_nothing_else():
    dice = Dice(5)
    assert {dice.between(3, 6) for _rank in range(200)} == {3, 4, 5, 6}


def test_weights_are_followed():
    dice = Dice(7)
    drawn = Counter(dice.weighted("ab", [9, 1]) for _rank in range(1000))
    assert 850 < drawn["a"] < 950
    assert set(drawn) == {"a", "b"}


def test_shuffling_keeps_every_item():
    dice = Dice(1)
    items = list(range(50))
    shuffled = dice.shuffled(items)
    assert sorted(shuffled) == items
    assert shuffled != items
