"""French catalogues: complete, exact, and with the same placeholders.

Runs in the project's Python (`python -m launcher.testing.catalogues`), which has
Babel and polib. Terms come from two places: the sources (Python and JavaScript,
no database needed) and, for everything else, a `.pot` export of an installed
database given with `--exports FOLDER` (one `<addon>.pot` per addon).
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract_from_file

LANGUAGE = "fr"
# `%(name)s`, `%s`, and the expressions of mail templates.
PLACEHOLDER = re.compile(
    r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%[sdif]|\{\{.*?\}\}|(?<!\{)\{\w*\}(?!\})"
)
TAG = re.compile(r"<(/?[a-zA-Z][\w.-]*)")
EXTRACTORS = (("*.py", "python", ("_", "_lt")), ("*.js", "javascript", ("_t",)))


def source_terms(addon: Path) -> dict[str, str]:
    """Return the translatable strings of the Python and JavaScript sources.

    :return: term -> "file:line" of its first use
    """
    terms: dict[str, str] = {}
    for pattern, method, keywords in EXTRACTORS:
        for path in sorted(addon.rglob(pattern)):
            inside = path.relative_to(addon).parts
            if inside[0] == "tests" or "tests" in inside[:2] or "lib" in inside[:3]:
                continue
            found = extract_from_file(method, path, dict.fromkeys(keywords))
            for line, message, *_rest in found:
                where = f"{path.relative_to(addon)}:{line}"
                if isinstance(message, str) and message.strip():
                    terms.setdefault(message, where)
    return terms


def exported_terms(template: Path) -> dict[str, str]:
    """Return the terms of a `.pot` written by Odoo, with their first use."""
    terms = {}
    for entry in polib.pofile(str(template)):
        where = entry.occurrences[0][0] if entry.occurrences else "database"
        terms[entry.msgid] = where
    return terms


def check_entry(entry: polib.POEntry) -> Iterator[str]:
    """Sentences about what is wrong with one translation."""
    if entry.obsolete:
        yield "obsolete entry, remove it"
        return
    if entry.fuzzy:
        yield "fuzzy"
    if not entry.msgstr.strip():
        yield "not translated"
        return
    for pattern, what in ((PLACEHOLDER, "placeholders"), (TAG, "tags")):
        expected = Counter(pattern.findall(entry.msgid))
        given = Counter(pattern.findall(entry.msgstr))
        if expected != given:
            lacking = sorted((expected - given).elements())
            extra = sorted((given - expected).elements())
            yield f"{what} differ: missing {lacking}, extra {extra}"


def check_addon(addon: Path, exports: Path | None = None) -> list[str]:
    """Return one sentence per fault of the catalogue of an addon."""
    catalogue = addon / "i18n" / f"{LANGUAGE}.po"
    terms = source_terms(addon)
    known_terms: dict[str, str] = {}
    if exports and (exports / f"{addon.name}.pot").is_file():
        known_terms = exported_terms(exports / f"{addon.name}.pot")
        terms = known_terms
    if not catalogue.is_file():
        return [f"{addon.name}: no i18n/{LANGUAGE}.po"] if terms else []
    entries = polib.pofile(str(catalogue))
    label = f"{addon.name}/i18n/{LANGUAGE}.po"
    troubles = [
        f"{label}:{entry.linenum}: {entry.msgid[:60]!r}: {trouble}"
        for entry in entries
        for trouble in check_entry(entry)
    ]
    translated = {entry.msgid for entry in entries if not entry.obsolete}
    troubles += [
        f"{label}: missing {term[:90]!r} ({where})"
        for term, where in terms.items()
        if term not in translated
    ]
    if known_terms:
        troubles += [
            f"{label}:{entry.linenum}: {entry.msgid[:60]!r} is no term of the addon"
            for entry in entries
            if not entry.obsolete and entry.msgid not in known_terms
        ]
    return troubles


def update_addon(addon: Path, exports: Path) -> int:
    """Bring the catalogue in line with an export; return the number still empty.

    Translations already given are kept, also those of a term that moved.
    """
    catalogue = addon / "i18n" / f"{LANGUAGE}.po"
    template = polib.pofile(str(exports / f"{addon.name}.pot"), wrapwidth=78)
    if not len(template):
        return 0
    if catalogue.is_file():
        given = {entry.msgid: entry for entry in polib.pofile(str(catalogue))}
        for entry in template:
            if entry.msgid in given:
                entry.msgstr = given[entry.msgid].msgstr
                entry.flags = sorted({*entry.flags, *given[entry.msgid].flags})
    template.metadata["Language"] = LANGUAGE
    template.metadata["Plural-Forms"] = "nplurals=2; plural=(n > 1);"
    # Dates would change the file at each run.
    for key in ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator"):
        template.metadata.pop(key, None)
    catalogue.parent.mkdir(exist_ok=True)
    template.save(str(catalogue))
    return len(template.untranslated_entries())


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("addons", nargs="+", type=Path, help="addon folders")
    parser.add_argument("--exports", type=Path, help="folder of .pot files")
    parser.add_argument("--update", action="store_true", help="rewrite the catalogues")
    options = parser.parse_args(argv)
    if options.update:
        for addon in options.addons:
            empty = update_addon(addon, options.exports)
            print(f"{addon.name}: {empty} to translate")
    troubles = [
        trouble
        for addon in options.addons
        for trouble in check_addon(addon, options.exports)
    ]
    print("\n".join(troubles) if troubles else f"{len(options.addons)} catalogues ok")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
