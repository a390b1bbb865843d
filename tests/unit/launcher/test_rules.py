"""The house rules find what they are meant to find, and nothing else."""

import pytest

from launcher.testing import rules


def found(check, path, text, *rest):
    return [finding.message for finding in check(path, text, *rest)]


@pytest.mark.parametrize(
    "line",
    [
        "KEY = 'sk_" + "live_51abcdefgh'",
        "secret: whsec" + "_" + "a1B2" * 7,
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "path = '/" + "root/thing'",
        "path = '/" + "home/jane/thing'",
        "url = https://pypi" + ".org/simple",
        "# TO" + "DO later",
    ],
)
def test_a_forbidden_line_is_found(line):
    assert found(rules.check_text, "addons/a/models/b.py", line)


@pytest.mark.parametrize(
    "line",
    [
        "SECRET = 'whsec_standin'",
        "KEY = 'sk_test_standin'",
        "home = Path.home() / 'work' / 'root'",
        "volume: /home/odoo/data",
        "url = '/my/home/page'",
    ],
)
def test_an_ordinary_line_is_left_alone(line):
    assert not found(rules.check_text, "addons/a/models/b.py", line)


def test_long_functions_are_found_without_their_docstring():
    body = "    x = 1\n" * 59
    docstring = '    """Say\n' + "    more\n" * 20 + '    """\n'
    assert not found(rules.check_python, "a.py", f"def f():\n{docstring}{body}")
    assert found(rules.check_python, "a.py", f"def f():\n{body}    y = 2\n")


def test_long_files_are_found():
    assert not found(rules.check_size, "a.py", "x = 1\n" * 500)
    assert found(rules.check_size, "a.py", "x = 1\n" * 501)
    assert not found(rules.check_size, "fr.po", "x\n" * 501)


def test_comments_keep_ascii_punctuation_but_strings_may_be_french():
    assert found(rules.check_python, "a.py", "x = 1  # a \u2014 b\n")
    assert not found(rules.check_python, "a.py", "x = '\u2026'  # a - b\n")


def test_broken_xml_is_found():
    assert found(rules.check_xml, "a.xml", "<odoo><record></odoo>")
    assert not found(rules.check_xml, "a.xml", "<odoo><record/></odoo>")


def test_a_data_file_of_no_manifest_is_found():
    manifest = "{'name': 'A', 'data': ['views/a.xml']}"
    names = {"addons/a/views/a.xml", "addons/a/views/b.xml", "addons/b/views/c.xml"}
    findings = list(rules.check_manifest("addons/a/__manifest__.py", manifest, names))
    assert [finding.path for finding in findings] == ["addons/a/views/b.xml"]
