"""Exactly the changes and no others, whoever moved, deleted or retyped lines."""

from decimal import Decimal

import pytest

from odoo.addons.crm_quotes.lib.authorship import (
    WHOLE,
    Signature,
    Step,
    note_edit,
    who_changed,
)
from odoo.addons.crm_quotes.lib.comparison import (
    choose_pair,
    compare,
    longest_run,
    match_lines,
)

TAX = [{"id": 1, "text": "TVA 20 %"}]


def line(key, name, quantity, price, **more):
    subtotal = Decimal(quantity) * Decimal(price)
    return {
        "key": key,
        "kind": "line",
        "product": {"id": 1, "text": "Service"},
        "name": name,
        "quantity": quantity,
        "uom": {"id": 3, "text": "Jours"},
        "price_unit": price,
        "discount": "0",
        "taxes": TAX,
        "subtotal": f"{subtotal.normalize():f}",
        **more,
    }


def quote(*lines, **terms):
    untaxed = sum(Decimal(one.get("subtotal", "0")) for one in lines)
    order = {"partner": {"id": 7, "text": "TechCorp"}, "note": "", **terms}
    return {
        "order": order,
        "lines": list(lines),
        "totals": {
            "untaxed": f"{untaxed:f}",
            "tax": f"{untaxed * Decimal('0.2'):f}",
            "total": f"{untaxed * Decimal('1.2'):f}",
        },
    }


V2 = quote(
    line("a", "Cadrage", "4", "800"),
    line("b", "Développement", "20", "750"),
    line("c", "Support", "5", "600"),
)
V3 = quote(
    line("a", "Cadrage", "4", "800"),
    line("b", "Développement", "20", "720"),
    line("c", "Support", "10", "600"),
    line("d", "Formation", "2", "700"),
)


def said(comparison):
    """Each change as (kind, line or term, field)."""
    found = []
    for row in comparison.rows:
        name = (row.after or row.before)["name"]
        found += [(change.kind, name, change.name) for change in row.changes]
    return found + [(c.kind, c.name, c.name) for c in comparison.terms]


def test_three_changes_and_only_three():
    found = compare(V2, V3)
    assert said(found) == [
        ("changed", "Développement", "price_unit"),
        ("changed", "Support", "quantity"),
        ("added", "Formation", ""),
    ]
    assert [row.kind for row in found.rows] == ["same", "changed", "changed", "added"]
    untaxed = found.totals[0]
    assert (untaxed.before, untaxed.after, untaxed.difference) == (21200, 25000, 3800)
    assert [total.difference for total in found.totals] == [3800, 760, 4560]


def test_backwards_it_says_the_contrary():
    found = compare(V3, V2)
    assert said(found)[-1] == ("removed", "Formation", "")
    assert found.totals[0].difference == -3800


def test_nothing_changed():
    found = compare(V2, V2)
    assert found.changes == ()
    assert found.moved_count == 0
    assert {row.kind for row in found.rows} == {"same"}


def test_a_moved_line_is_neither_removed_nor_added():
    lines = V2["lines"]
    moved = quote(lines[2], lines[0], lines[1])
    found = compare(V2, moved)
    assert found.changes == ()
    assert [row.is_moved for row in found.rows] == [True, False, False]


def test_moved_and_changed():
    changed = line("c", "Support", "6", "600")
    found = compare(V2, quote(changed, V2["lines"][0], V2["lines"][1]))
    assert said(found) == [("changed", "Support", "quantity")]
    assert found.moved_count == 1


def test_an_inserted_line_moves_nothing():
    lines = V2["lines"]
    found = compare(V2, quote(lines[0], line("x", "Audit", "1", "1"), *lines[1:]))
    assert said(found) == [("added", "Audit", "")]
    assert found.moved_count == 0


def test_a_removed_line_stands_where_it_was():
    lines = V2["lines"]
    found = compare(V2, quote(lines[0], lines[2]))
    assert [(row.kind, row.before["name"]) for row in found.rows] == [
        ("same", "Cadrage"),
        ("removed", "Développement"),
        ("same", "Support"),
    ]
    first = compare(V2, quote(*lines[1:]))
    assert [row.kind for row in first.rows] == ["removed", "same", "same"]


def test_all_lines_removed_keep_their_order():
    found = compare(V2, quote())
    assert [row.before["key"] for row in found.rows] == ["a", "b", "c"]


def test_lines_typed_again_are_the_same_lines():
    again = quote(
        *({**one, "key": f"new-{place}"} for place, one in enumerate(V2["lines"]))
    )
    assert compare(V2, again).changes == ()


def test_a_line_typed_again_with_another_price_is_a_change():
    lines = V2["lines"]
    again = quote(lines[0], line("new", "Développement", "20", "720"), lines[2])
    assert said(compare(V2, again)) == [("changed", "Développement", "price_unit")]


def test_two_lines_alike_are_never_mixed_up():
    two = [line("a", "Jour", "1", "500"), line("b", "Jour", "1", "500")]
    found = compare(quote(*two), quote(two[0], line("b", "Jour", "2", "500")))
    assert said(found) == [("changed", "Jour", "quantity")]
    assert [row.kind for row in found.rows] == ["same", "changed"]


def test_same_text_on_several_lines_is_not_guessed():
    before = quote(line("a", "Jour", "1", "500"), line("b", "Jour", "2", "500"))
    after = quote(line("x", "Jour", "3", "500"), line("y", "Jour", "4", "500"))
    found = compare(before, after)
    assert (found.count("removed"), found.count("added")) == (2, 2)


def test_a_line_does_not_become_a_section():
    section = {"key": "a", "kind": "line_section", "name": "Cadrage"}
    found = compare(V2, quote(section, *V2["lines"][1:]))
    assert (found.count("removed"), found.count("added")) == (1, 1)


def test_sections_are_compared_by_their_text():
    before = quote({"key": "s", "kind": "line_section", "name": "Lot 1"})
    after = quote({"key": "s", "kind": "line_section", "name": "Lot A"})
    assert said(compare(before, after)) == [("changed", "Lot A", "name")]


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("uom", {"id": 3, "text": "Jours"}, {"id": 4, "text": "Heures"}),
        ("discount", "0", "10"),
        ("taxes", TAX, []),
        ("name", "Cadrage", "Cadrage et ateliers"),
    ],
)
def test_every_field_of_a_line(field, before, after):
    one = line("a", "Cadrage", "4", "800")
    found = compare(quote({**one, field: before}), quote({**one, field: after}))
    assert [(c.kind, c.name, c.before, c.after) for c in found.changes] == [
        ("changed", field, before, after)
    ]


def test_a_record_renamed_since_is_no_change():
    one = line("a", "Cadrage", "4", "800")
    renamed = {**one, "taxes": [{"id": 1, "text": "20 %"}]}
    assert compare(quote(one), quote(renamed)).changes == ()


def test_the_order_of_taxes_is_no_change():
    two = [{"id": 1, "text": "A"}, {"id": 2, "text": "B"}]
    one = line("a", "Cadrage", "4", "800")
    before, after = {**one, "taxes": two}, {**one, "taxes": two[::-1]}
    assert compare(quote(before), quote(after)).changes == ()


def test_texts_and_terms():
    found = compare(
        quote(note="30 jours", validity_date="2026-03-31"),
        quote(note="45 jours", validity_date="2026-03-31", payment_term={"id": 1}),
    )
    assert [(c.name, c.before, c.after) for c in found.terms] == [
        ("note", "30 jours", "45 jours"),
        ("payment_term", None, {"id": 1}),
    ]


def test_many_lines_in_another_order():
    lines = [line(str(i), f"Ligne {i}", "1", "10") for i in range(200)]
    found = compare(quote(*lines), quote(*lines[100:], *lines[:100]))
    assert found.changes == ()
    assert found.moved_count == 100


def test_match_is_one_to_one():
    same = [line(key, "Jour", "1", "500") for key in "abc"]
    again = [line(key, "Jour", "1", "500") for key in "xyz"]
    pairs = match_lines(same, again)
    assert sorted(old for old, _new in pairs) == [0, 1, 2]
    assert sorted(new for _old, new in pairs) == [0, 1, 2]


@pytest.mark.parametrize(
    ("places", "kept"),
    [([], 0), ([3], 1), ([0, 1, 2], 3), ([2, 1, 0], 1), ([1, 0, 2, 3], 3)],
)
def test_longest_run(places, kept):
    run = longest_run(places)
    assert len(run) == kept
    assert sorted(run) == [place for place in places if place in run]


# Who and when

JULIE, MARC, SOPHIE = (
    Signature("Julie", "2026-03-01T09:00:00Z"),
    Signature("Marc", "2026-03-02T10:00:00Z"),
    Signature("Sophie", "2026-03-03T11:00:00Z"),
)


def test_each_change_has_its_author():
    edits = note_edit({}, "b", ["price_unit"], JULIE.by, JULIE.at)
    edits = note_edit(edits, "d", [WHOLE], MARC.by, MARC.at)
    found = compare(V2, V3, [Step(V3, SOPHIE, edits)])
    assert [change.signature for change in found.changes] == [JULIE, SOPHIE, MARC]


def test_the_author_is_that_of_the_step_where_the_value_came():
    """V1 to V3: the price fell in V2, the quantity rose in V3."""
    first = quote(line("b", "Dev", "20", "750"))
    second = quote(line("b", "Dev", "20", "720"))
    third = quote(line("b", "Dev", "25", "720"))
    steps = [Step(second, JULIE), Step(third, SOPHIE)]
    found = compare(first, third, steps)
    signatures = {change.name: change.signature for change in found.changes}
    assert signatures == {"price_unit": JULIE, "quantity": SOPHIE}


def test_the_last_edit_of_a_field_counts():
    edits = note_edit({}, "b", ["price_unit"], JULIE.by, JULIE.at)
    edits = note_edit(edits, "b", ["price_unit"], MARC.by, MARC.at)
    assert who_changed([Step(V3, SOPHIE, edits)], V2, "b", "price_unit") == MARC


def test_a_price_that_followed_another_field_has_the_author_of_that_field():
    edits = note_edit({}, "b", ["quantity"], JULIE.by, JULIE.at)
    assert who_changed([Step(V3, SOPHIE, edits)], V2, "b", "price_unit") == JULIE


def test_without_versions_in_between_nobody_is_named():
    assert {change.signature for change in compare(V2, V3).changes} == {None}


def test_the_author_of_a_removal():
    edits = note_edit({}, "a", [WHOLE], MARC.by, MARC.at)
    after = quote(*V2["lines"][1:])
    found = compare(V2, after, [Step(after, SOPHIE, edits)])
    assert [change.signature for change in found.changes] == [MARC]


def test_noting_an_edit_leaves_the_former_mapping_alone():
    first = note_edit({}, "b", ["price_unit"], "A", "1")
    note_edit(first, "b", ["price_unit"], "B", "2")
    assert first["b"]["price_unit"] == ["A", "1"]


@pytest.mark.parametrize(
    ("numbers", "left", "right", "expected"),
    [
        ([], None, None, (None, None)),
        ([1], None, None, (None, None)),
        ([1, 2, 3], None, None, (2, 3)),
        ([1, 2, 3], 1, None, (1, 3)),
        ([1, 2, 3], 3, None, (2, 3)),
        ([1, 2, 3], None, 1, (1, 2)),
        # What was chosen the wrong way round, or twice, or is not there.
        ([1, 2, 3], 3, 1, (1, 3)),
        ([1, 2, 3], 2, 2, (1, 2)),
        ([1, 2, 3], 9, 8, (2, 3)),
        # 0 is the quotation as it is now: the newest of all.
        ([1, 2, 0], None, None, (2, 0)),
        ([1, 2, 0], 0, 1, (1, 0)),
    ],
)
def test_which_two_are_compared(numbers, left, right, expected):
    assert choose_pair(numbers, left, right) == expected
