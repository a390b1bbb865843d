"""How values are grouped."""

import numpy as np

from odoo.addons.crm_ai_scoring.lib.features import (
    Feature,
    learn_feature,
    read_number,
    text_key,
)
from odoo.addons.crm_ai_scoring.lib.table import as_column


def learn(values):
    return learn_feature("x", as_column(values))


def test_columns_that_tell_nothing_are_left_out():
    assert learn([None] * 50) is None
    assert learn(["a"] * 50) is None
    assert learn([3.0] * 50) is None
    assert learn([3.0] * 40 + [None] * 10) is not None


def test_numbers_written_as_text_are_numbers_and_other_texts_keep_their_own_group():
    values = [str(n % 40) for n in range(200)] + ["unknown"] * 10
    feature = learn(values)
    assert feature.bins > 3
    assert feature.code_of("7") == feature.code_of(7.0)
    assert feature.levels == ("unknown",)
    assert feature.code_of("unknown") == feature.bins


def test_a_very_common_number_gets_a_group_of_its_own():
    values = [999.0] * 960 + [float(n) for n in range(40)]
    feature = learn(values)
    assert feature.code_of(999) != feature.code_of(39)
    assert feature.code_of(2) != feature.code_of(37)


def test_rare_and_unknown_texts_share_a_group_missing_ones_have_their_own():
    feature = learn(["a"] * 50 + ["b"] * 50 + ["rare"] + [None] * 10)
    assert feature.code_of("rare") == feature.code_of("never seen") == feature.other
    assert feature.code_of(None) == feature.code_of("  ") == feature.missing
    assert feature.code_of(float("nan")) == feature.missing


def test_spelling_does_not_matter():
    assert text_key(" PARIS  11 ") == text_key("Paris 11")
    assert read_number("1 250,5") == 1250.5
    assert read_number("nan") is None and read_number("12 rue") is None


def test_a_column_gives_the_same_codes_as_its_values_one_by_one():
    values = [True, False, None, "x", 3, 3.5, "4", float("nan")] * 9
    feature = learn(values)
    column = as_column(values)
    assert feature.codes(column).tolist() == [feature.code_of(v) for v in values]


def test_what_is_stored_is_what_was_learnt():
    feature = learn([float(n) for n in range(100)] + ["x", "y"] * 2)
    assert Feature.from_json(feature.to_json()) == feature


def test_a_text_column_scored_with_numbers_does_not_stumble():
    feature = learn(["a", "b", "3"] * 20)
    assert feature.codes(np.array([3.0, np.nan])).tolist() == [
        feature.code_of("3"),
        feature.missing,
    ]
