import pytest

from launcher.addons import find_addons, hash_addon, resolve
from launcher.console import Trouble


def make_addon(folder, name, depends=("base",), extra=""):
    addon = folder / name
    addon.mkdir(parents=True)
    manifest = f"{{'name': 'x', 'depends': {list(depends)!r}, {extra}}}"
    (addon / "__manifest__.py").write_text(manifest)
    return addon


def names(wanted):
    return [addon.name for addon in wanted.ours]


def test_needs_come_first_and_core_is_told_apart(tmp_path):
    make_addon(tmp_path, "top", ["middle", "sale"])
    make_addon(tmp_path, "middle", ["low", "mail"])
    make_addon(tmp_path, "low")
    make_addon(tmp_path, "unrelated")
    wanted = resolve(["top"], find_addons([tmp_path]))
    assert names(wanted) == ["low", "middle", "top"]
    assert wanted.core == ("base", "mail", "sale")


def test_glue_comes_along_when_both_parents_are_there(tmp_path):
    make_addon(tmp_path, "one")
    make_addon(tmp_path, "two")
    make_addon(tmp_path, "glue", ["one", "two"], "'auto_install': True")
    make_addon(tmp_path, "other_glue", ["one", "absent"], "'auto_install': True")
    known = find_addons([tmp_path])
    assert names(resolve(["one", "two"], known)) == ["one", "two", "glue"]
    assert names(resolve(["one"], known)) == ["one"]


def test_glue_with_a_list_of_conditions(tmp_path):
    make_addon(tmp_path, "one")
    make_addon(tmp_path, "glue", ["one", "mail"], "'auto_install': ['one']")
    wanted = resolve(["one"], find_addons([tmp_path]))
    assert names(wanted) == ["one", "glue"]
    assert "mail" in wanted.core


def test_addon_that_is_not_installable_does_not_exist(tmp_path):
    make_addon(tmp_path, "old", extra="'installable': False")
    assert not find_addons([tmp_path])


def test_wrong_dependency_names_who_wants_it(tmp_path):
    make_addon(tmp_path / "ours", "one", ["sael"])
    (tmp_path / "core" / "base").mkdir(parents=True)
    with pytest.raises(Trouble) as caught:
        resolve(["one"], find_addons([tmp_path / "ours"]), [tmp_path / "core"])
    assert "one depends on sael" in caught.value.sentence


def test_broken_manifest_is_a_trouble(tmp_path):
    (make_addon(tmp_path, "one") / "__manifest__.py").write_text("{'name': ")
    with pytest.raises(Trouble):
        find_addons([tmp_path])


def test_hash_changes_with_what_the_database_holds(tmp_path):
    addon = make_addon(tmp_path, "one")
    before = hash_addon(addon)
    (addon / "views.xml").write_text("<odoo/>")
    after = hash_addon(addon)
    assert before != after
    (addon / "views.xml").rename(addon / "other.xml")
    assert hash_addon(addon) != after


@pytest.mark.parametrize("place", ["tests/test_x.py", "readme/USAGE.md", "x.pyc"])
def test_hash_ignores_what_needs_no_upgrade(tmp_path, place):
    addon = make_addon(tmp_path, "one")
    before = hash_addon(addon)
    (addon / place).parent.mkdir(exist_ok=True)
    (addon / place).write_text("changed")
    assert hash_addon(addon) == before
