"""Points from the top left become DocuSign's units of 1/72 inch."""

import pytest

from odoo.addons.crm_sign_docusign.lib.tabs import Field, build_tabs, to_units


def field(kind, **values):
    facts = {"x": 100.0, "y": 200.0, "width": 150.0, "height": 40.0, "page": 1}
    return Field("f1", "7", kind, **facts | values)


@pytest.mark.parametrize(
    ("points", "units"), [(0, 0), (72, 72), (595.28, 595), (99.5, 100), (0.49, 0)]
)
def test_one_point_is_one_unit_rounded_to_the_nearest(points, units):
    assert to_units(points) == units


@pytest.mark.parametrize(
    ("kind", "group", "place"),
    [
        ("signature", "signHereTabs", ("101", "193")),
        ("initials", "initialHereTabs", ("102", "193")),
        ("date", "dateSignedTabs", ("97", "198")),
        ("text", "textTabs", ("97", "198")),
        ("checkbox", "checkboxTabs", ("93", "194")),
    ],
)
def test_each_kind_has_its_list_and_its_recommended_shift(kind, group, place):
    (tab,) = build_tabs([field(kind)])[group]
    assert (tab["xPosition"], tab["yPosition"]) == place
    assert (tab["documentId"], tab["pageNumber"]) == ("7", "1")


def test_a_field_in_the_corner_stays_on_the_page():
    (tab,) = build_tabs([field("checkbox", x=2.0, y=1.0)])["checkboxTabs"]
    assert (tab["xPosition"], tab["yPosition"]) == ("0", "0")


def test_only_texts_have_a_size():
    tabs = build_tabs([field("text", value="Roux"), field("signature")])
    assert (tabs["textTabs"][0]["width"], tabs["textTabs"][0]["height"]) == (
        "150",
        "40",
    )
    assert tabs["textTabs"][0]["value"] == "Roux"
    assert "width" not in tabs["signHereTabs"][0]


def test_what_is_not_required_may_stay_empty():
    tabs = build_tabs(
        [field(kind, required=False) for kind in ("signature", "text", "checkbox")]
    )
    assert tabs["signHereTabs"][0]["optional"] == "true"
    assert tabs["textTabs"][0]["required"] == "false"
    assert "tabGroups" not in tabs


def test_a_required_box_is_a_group_of_one():
    tabs = build_tabs([field("checkbox")])
    (group,) = tabs["tabGroups"]
    assert tabs["checkboxTabs"][0]["tabGroupLabels"] == [group["groupLabel"]]
    assert (group["groupRule"], group["minimumRequired"]) == ("SelectAtLeast", "1")
