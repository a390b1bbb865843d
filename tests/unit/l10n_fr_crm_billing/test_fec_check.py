"""The checker of the accounting file: one small file per rule, both verdicts."""

from datetime import date

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.fec import Options, check_fec
from odoo.addons.l10n_fr_crm_billing.lib.fec import entries as entries_module
from odoo.addons.l10n_fr_crm_billing.lib.fec.amounts import parse_amount, show_amount
from odoo.addons.l10n_fr_crm_billing.lib.fec.columns import SIDED, STANDARD
from odoo.addons.l10n_fr_crm_billing.lib.fec.findings import CASES, MAX_KEPT
from odoo.addons.l10n_fr_crm_billing.lib.fec.naming import build_name, parse_name
from odoo.addons.l10n_fr_crm_billing.lib.fec.reader import pick_lines

NAME = "732829320FEC20261231.txt"


def row(number, day, account, debit="0,00", credit="0,00", **other):
    """One line as a mapping, complete and lawful unless told otherwise."""
    journal = other.pop("journal", ("VE", "Ventes"))
    values = {
        "JournalCode": journal[0],
        "JournalLib": journal[1],
        "EcritureNum": number,
        "EcritureDate": day,
        "CompteNum": account,
        "CompteLib": f"Compte {account}",
        "PieceRef": f"P{number}",
        "PieceDate": day,
        "EcritureLib": f"Facture {number}",
        "Debit": debit,
        "Credit": credit,
        "ValidDate": "20261231",
    }
    return {**dict.fromkeys(STANDARD, ""), **values, **other}


def book():
    """Three entries that break nothing."""
    opening = ("AN", "A-nouveaux")
    return [
        row("1", "20260101", "512000", "100,00", journal=opening),
        row("1", "20260101", "101000", credit="100,00", journal=opening),
        row("2", "20260115", "411000", "1200,00"),
        row("2", "20260115", "706000", credit="1000,00"),
        row("2", "20260115", "445710", credit="200,00"),
        row("3", "20260210", "512000", "1200,00"),
        row("3", "20260210", "411000", credit="1200,00"),
    ]


def write(rows, *, names=STANDARD, sep="\t", end="\r\n", header=None):
    lines = [sep.join(header or names)]
    lines += [sep.join(one.get(name, "") for name in names) for one in rows]
    return (end.join(lines) + end).encode()


def check(content, name=NAME, **options):
    if not isinstance(content, bytes):
        content = write(content)
    return check_fec([content], name, Options(**options))


def cases(content, name=NAME, **options):
    return set(check(content, name, **options).counts)


def changed(position, **values):
    rows = book()
    rows[position].update(values)
    return rows


def test_a_lawful_file_breaks_nothing():
    report = check(book())
    assert report.counts == {}
    assert report.verdict.value == "clean"
    assert report.tool_verdict.value == "conforming"
    assert (report.siren, report.closing) == ("732829320", date(2026, 12, 31))
    assert (report.line_count, report.entry_count) == (8, 3)
    assert (report.debit, report.credit) == ("2500.00", "2500.00")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("sep", ["\t", "|"])
@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "iso8859-15"])
def test_every_lawful_shape_is_accepted(end, sep, encoding):
    rows = changed(2, EcritureLib="Facture payee" if encoding == "ascii" else "Réglé €")
    content = write(rows, sep=sep, end=end).decode().encode(encoding)
    report = check(content)
    assert report.counts == {}
    assert report.encoding == encoding
    assert report.tool_verdict.value == "conforming"


@pytest.mark.parametrize("size", [1, 7, 64, 5000])
def test_where_the_bytes_are_cut_changes_nothing(size):
    content = write(changed(4, EcritureLib='dit "le grand" é'))
    chunks = [content[n : n + size] for n in range(0, len(content), size)]
    report = check_fec(chunks, NAME)
    assert report.counts == {"quote_inside": 1}
    assert report.line_count == 8


BROKEN = [
    ("value_missing", 2, {"PieceRef": ""}, "not_conforming", ("V",)),
    ("value_missing", 2, {"JournalLib": " "}, "not_conforming", ("V",)),
    ("value_missing", 2, {"CompteNum": ""}, "not_conforming", ("E",)),
    ("value_missing", 2, {"EcritureLib": "\u00a0"}, "not_conforming", ("V",)),
    ("value_missing", 2, {"ValidDate": ""}, "not_conforming", ("V",)),
    ("amount_missing", 2, {"Credit": ""}, "conforming", ()),
    ("account_digits", 2, {"CompteNum": "41"}, "conforming", ("A",)),
    ("account_digits", 2, {"CompteNum": "C411"}, "conforming", ("A",)),
    ("aux_incomplete", 2, {"CompAuxNum": "C1"}, "conforming", ()),
    ("value_placeholder", 2, {"PieceRef": "-"}, "conforming", ()),
    ("value_placeholder", 2, {"EcritureLib": "/"}, "conforming", ()),
    ("date_shape", 2, {"PieceDate": "15/01/2026"}, "conforming", ()),
    ("date_shape", 2, {"PieceDate": "yesterday"}, "not_conforming", ("E",)),
    ("date_calendar", 2, {"PieceDate": "20260231"}, "conforming", ()),
    ("date_calendar", 2, {"PieceDate": "20261301"}, "not_conforming", ("E",)),
    ("date_calendar", 2, {"PieceDate": "18990101"}, "conforming", ("A",)),
    ("number_point", 2, {"Debit": "1200.00"}, "not_conforming", ("E",)),
    ("number_thousands", 2, {"Debit": "1 200,00"}, "not_conforming", ("E",)),
    ("number_thousands", 2, {"Debit": "1.200,00"}, "not_conforming", ("E",)),
    ("number_space", 2, {"Debit": " 1200,00"}, "conforming", ()),
    ("number_zeros", 2, {"Debit": "00001200,00"}, "conforming", ()),
    ("letter_no_date", 2, {"EcritureLet": "AA"}, "conforming", ()),
    ("letter_no_code", 2, {"DateLet": "20260301"}, "conforming", ()),
    (
        "letter_early",
        2,
        {"EcritureLet": "AA", "DateLet": "20260101"},
        "conforming",
        (),
    ),
    ("currency_no_code", 2, {"Montantdevise": "10,00"}, "conforming", ()),
    ("currency_no_amount", 2, {"Idevise": "USD"}, "conforming", ()),
    (
        "currency_sign",
        2,
        {"Montantdevise": "-10,00", "Idevise": "USD"},
        "conforming",
        (),
    ),
    (
        "currency_code",
        2,
        {"Montantdevise": "10,00", "Idevise": "dollar"},
        "conforming",
        (),
    ),
    ("piece_late", 2, {"PieceDate": "20260116"}, "conforming", ()),
    ("other_separator", 2, {"EcritureLib": "a|b"}, "conforming", ()),
    ("quote_inside", 2, {"EcritureLib": 'dit "x" y'}, "conforming", ()),
    ("quote_field", 2, {"EcritureLib": '"Facture"'}, "conforming", ()),
    ("encoding_control", 2, {"EcritureLib": "a\x07b"}, "conforming", ()),
    ("account_labels", 6, {"CompteLib": "Autre"}, "conforming", ()),
    ("journal_labels", 5, {"JournalLib": "Banque"}, "conforming", ()),
    ("line_break", 2, {"EcritureLib": "a\nb"}, "conforming", ()),
]


@pytest.mark.parametrize(("case", "position", "values", "tool", "kinds"), BROKEN)
def test_one_bad_value_gives_one_finding(case, position, values, tool, kinds):
    report = check(changed(position, **values))
    assert set(report.counts) == {case}
    assert report.tool_verdict.value == tool
    assert report.tool_kinds == kinds
    finding = report.findings[0]
    assert finding.line == position + 2
    assert finding.rule == CASES[case][0]


def test_the_finding_shows_the_column_the_value_and_the_line():
    finding = check(changed(2, Debit="1200.00")).findings[0]
    assert (finding.column, finding.params) == ("Debit", {"value": "1200.00"})
    assert finding.text.startswith("VE\tVentes\t2\t20260115")


def test_amounts_that_cannot_be_read_unbalance_the_entry():
    report = check(changed(2, Debit="douze"))
    assert set(report.counts) == {"number_shape", "balance_entry", "balance_file"}
    assert report.tool_kinds == ("A", "E")


def test_both_amounts_and_none():
    assert cases(changed(2, Debit="1300,00", Credit="100,00")) == {"amount_both"}
    rows = book()
    rows.insert(3, row("2", "20260115", "706000"))
    report = check(rows)
    assert set(report.counts) == {"amount_none"}
    assert report.tool_kinds == ("A",)


def test_negative_and_long_amounts_are_counted_exactly():
    rows = changed(3, Credit="1100,00")
    rows[4]["Credit"] = "-100,00"
    rows += [row("2", "20260115", "706000", credit="200,00")]
    assert cases(rows) == set()
    rows[2]["Debit"] = "1200,001"
    report = check(rows)
    assert set(report.counts) == {"balance_entry", "balance_file"}
    assert report.findings[0].params["difference"] == "0.001"


def test_an_entry_out_of_balance_names_its_number_and_the_gap():
    report = check(changed(4, Credit="190,00"))
    assert set(report.counts) == {"balance_entry", "balance_file"}
    params = report.findings[0].params
    assert (params["number"], params["debit"], params["credit"]) == (
        "2",
        "1200.00",
        "1190.00",
    )
    assert report.tool_verdict.value == "conforming"


def test_entries_may_be_interleaved():
    rows = sorted(book(), key=lambda one: one["CompteNum"])
    assert cases(rows) <= {"sequence_late", "opening_late"}
    assert check(rows).entry_count == 3


def test_more_open_entries_than_memory_allows_is_said(monkeypatch):
    monkeypatch.setattr(entries_module, "MAX_OPEN", 1)
    rows = sorted(book(), key=lambda one: one["CompteNum"])
    found = cases(rows)
    assert "balance_unknown" in found
    assert "balance_file" not in found


def test_a_hole_in_the_numbers_is_an_error():
    rows = book()
    for one in rows[5:]:
        one["EcritureNum"] = "7"
    report = check(rows)
    assert set(report.counts) == {"sequence_gap"}
    params = report.findings[0].params
    assert (params["first"], params["last"], params["count"]) == ("3", "6", "4")
    assert report.findings[0].line == 7


def test_missing_numbers_are_written_like_the_others():
    rows = book()
    for one in rows[:2]:
        one["EcritureNum"] = "AN-1"
    for one, number in zip(rows[2:], "55588", strict=True):
        one["EcritureNum"] = f"FA/000{number}"
    params = check(rows).findings[0].params
    assert (params["first"], params["last"]) == ("FA/0006", "FA/0007")


def test_each_journal_may_have_its_own_sequence():
    rows = book()
    for one in rows[:2]:
        one["EcritureNum"] = "AN-0009"
    for one in rows[2:5]:
        one["EcritureNum"] = "FA/2026/00012"
    for one in rows[5:]:
        one["EcritureNum"] = "FA/2026/00013"
    assert cases(rows) == set()
    for one in rows[2:]:
        one["EcritureNum"] = one["EcritureNum"][-2:]
    for one in rows[:2]:
        one["EcritureNum"] = "12"
    assert cases(rows) == set()


def test_numbers_in_disorder_and_numbers_twice():
    rows = book()
    assert cases(rows[:2] + rows[5:] + rows[2:5]) == {"sequence_late"}
    assert cases(rows[5:] + rows[2:5]) == {"sequence_late"}
    again = [*book(), row("2", "20260115", "411000", "1,00")]
    again += [row("2", "20260115", "706000", credit="1,00")]
    assert cases(again) == {"entry_again"}
    assert cases(changed(3, EcritureDate="20260116")) == {"entry_dates"}
    named = book()
    for one in named[:2]:
        one["EcritureNum"] = "REPORT"
    assert cases(named) == {"sequence_none"}


def test_validation_order_period_and_future():
    rows = book()
    for one in rows[5:]:
        one["ValidDate"] = "20260630"
    report = check(rows)
    assert set(report.counts) == {"valid_order"}
    assert report.counts["valid_order"] == 1
    assert cases(changed(2, ValidDate="20260114")) >= {"valid_before"}
    assert cases(book(), today=date(2026, 12, 30)) == {"valid_future"}
    assert cases(book(), date_from=date(2026, 1, 2)) == {"period_before"}
    assert cases(book(), closing=date(2026, 2, 1)) == {"period_after"}
    assert cases(book(), name="732829320FEC20270131.txt") == {"period_long"}
    assert cases(book(), name="732829320FEC20280131.txt") == {"period_before"}


def test_opening_closing_and_centralised_entries():
    late = [row("4", "20260101", "512000", "5,00", journal=("RAN", "A nouveaux"))]
    late += [
        row("4", "20260101", "707000", credit="5,00", journal=("RAN", "A nouveaux"))
    ]
    assert cases(book() + late) == {"opening_late", "opening_result"}
    closing = [row("4", "20261231", "706000", "1000,00")]
    closing += [row("4", "20261231", "120000", credit="1000,00")]
    assert cases(book() + closing) == {"closing_entry"}
    central = changed(0)
    for one in central[2:]:
        one["JournalLib"] = "Centralisation"
    assert cases(central) == {"central_journal"}


@pytest.mark.parametrize(
    ("name", "case", "tool"),
    [
        ("FEC_732829320_2026.txt", "name_pattern", "refused"),
        ("FR83404833048FEC20261231.txt", "name_pattern", "conforming"),
        ("732829320FEC20261332.txt", "name_date", "conforming"),
        ("732829321FEC20261231.txt", "name_siren", "conforming"),
        ("000000000FEC20261231.txt", "name_siren", "conforming"),
    ],
)
def test_the_name_is_checked_with_the_siren(name, case, tool):
    report = check(book(), name)
    assert set(report.counts) == {case}
    assert report.tool_verdict.value == tool


def test_names_are_built_and_read_back():
    name = build_name("732829320", date(2026, 12, 31))
    assert name == NAME
    assert parse_name(name).trouble == ""


@pytest.mark.parametrize(
    ("content", "case", "tool"),
    [
        (b"", "file_empty", "refused"),
        (write([]), "file_empty", "refused"),
        (b"<?xml version='1.0'?><comptabilite/>", "file_xml", "unknown"),
        (write(book(), sep=";"), "separator_semicolon", "refused"),
        (write(book()).split(b"\r\n", 1)[1], "header_missing", "refused"),
        (b"\xef\xbb\xbf" + write(book()), "encoding_bom", "conforming"),
        (write(book()).decode().encode("utf-16"), "encoding_utf16", "not_conforming"),
        (
            write(book()).decode().encode("utf-16-be"),
            "encoding_utf16",
            "not_conforming",
        ),
        (write(book()) + b"\r\n", "row_blank", "not_conforming"),
        (write(book(), header=[n.upper() for n in STANDARD]), "header_spelling", None),
    ],
)
def test_containers(content, case, tool):
    report = check(content)
    assert set(report.counts) == {case}
    if tool:
        assert report.tool_verdict.value == tool


def test_a_file_that_is_no_text_at_all_ends_soon():
    report = check_fec((b"\x01\x02\x03\x04" * 300_000 for _n in range(9)), NAME)
    assert report.counts["line_long"] == 1
    assert report.tool_verdict.value == "refused"
    assert "separator_unknown" in cases(b"hello\r\nworld\r\n")


def test_columns_missing_misplaced_twice_and_added():
    names = [n for n in STANDARD if n != "ValidDate"]
    report = check(write(book(), names=names))
    assert set(report.counts) == {"columns_missing"}
    assert report.tool_verdict.value == "not_conforming"
    assert report.tool_kinds == ()
    names = ("JournalLib", "JournalCode", *STANDARD[2:])
    report = check(write(book(), names=names))
    assert set(report.counts) == {"columns_order"}
    assert report.tool_verdict.value == "conforming"
    report = check(write(book(), names=(*STANDARD, "Site")))
    assert report.counts == {}
    assert (report.tool_verdict.value, report.tool_kinds) == ("conforming", ("S",))
    twice = write(book(), names=(*STANDARD, "Debit"))
    assert cases(twice) == {"header_twice"}
    no_debit = [n for n in STANDARD if n != "Debit"]
    assert "O" in check(write(book(), names=no_debit)).tool_kinds


def test_rows_too_short_and_too_long():
    content = write(book()).replace(b"Facture 2\t1200,00", b"Facture\t2\t1200,00")
    report = check(content)
    assert set(report.counts) == {"row_width", "balance_entry", "balance_file"}
    assert report.findings[0].params == {"found": "19", "expected": "18"}


def sided():
    rows = book()
    for one in rows:
        is_debit = one["Debit"] != "0,00"
        one["Montant"] = one["Debit"] if is_debit else one["Credit"]
        one["Sens"] = "D" if is_debit else "C"
    return rows


@pytest.mark.parametrize("sides", [("D", "C"), ("+1", "-1")])
def test_amount_and_side(sides):
    rows = sided()
    for one in rows:
        one["Sens"] = sides[one["Sens"] == "C"]
    report = check(write(rows, names=SIDED))
    assert report.counts == {}
    assert report.debit == report.credit == "2500.00"
    assert report.tool_verdict.value == "conforming"


def test_a_side_nobody_knows_is_refused():
    rows = sided()
    rows[3]["Sens"] = "X"
    report = check(write(rows, names=SIDED))
    assert "side_unknown" in report.counts
    assert report.tool_verdict.value == "refused"
    rows = sided()
    rows.insert(3, {**rows[3], "Montant": "0,00"})
    assert cases(write(rows, names=SIDED)) == {"amount_none"}


@pytest.mark.parametrize("width", [3, 4])
def test_cash_accounting_has_its_own_columns(width):
    names = (*STANDARD, *("DateRglt", "ModeRglt", "NatOp", "IdClient")[:width])
    rows = [{**one, "DateRglt": "20260112", "ModeRglt": "VIR"} for one in book()]
    report = check(write(rows, names=names))
    assert report.counts == {}
    assert (report.tool_verdict.value, report.tool_kinds) == ("conforming", ())
    rows[0]["DateRglt"] = "12.1.26"
    assert cases(write(rows, names=names)) == {"date_shape"}


def test_character_sets_are_not_mixed():
    good = write(changed(2, EcritureLib="Réglé"))
    latin = write(changed(4, EcritureLib="Soldé")).decode().encode("iso8859-15")
    first, rest = good.splitlines(True)[:4], latin.splitlines(True)[4:]
    assert cases(b"".join(first + rest)) == {"encoding_mixed"}
    windows = write(changed(2, EcritureLib="l’été")).decode().encode("cp1252")
    assert cases(windows) == {"encoding_windows"}


def test_other_ends_of_line_are_said_once():
    lines = write(book() * 20, end="\n").splitlines(keepends=True)
    tail = [line.replace(b"\n", b"\r\n") for line in lines[100:]]
    assert check(b"".join(lines[:100] + tail)).counts["line_mixed"] == 1


def test_findings_are_counted_all_and_kept_some():
    rows = [row("2", "20260115", "41", "1,00") for _n in range(MAX_KEPT + 50)]
    report = check(rows)
    assert report.counts["account_digits"] == MAX_KEPT + 50
    kept = [one for one in report.findings if one.case == "account_digits"]
    assert len(kept) == MAX_KEPT


def test_amount_parsing():
    assert parse_amount(b"12,5") == (1250, "")
    assert parse_amount(b"12,50-") == (-1250, "")
    assert parse_amount(b"+12") == (1200, "")
    assert parse_amount(b"-12-")[1] == "number_shape"
    assert parse_amount(b"1,2,3")[1] == "number_shape"
    assert parse_amount(b"1.234.567,00") == (123456700, "number_thousands")
    assert show_amount(-123456) == "-1234.56"


def test_lines_are_picked_by_number():
    content = write(book())
    found = pick_lines([content[:90], content[90:]], {1, 3, 99})
    assert set(found) == {1, 3}
    assert found[3].startswith(b"AN\tA-nouveaux\t1")
