"""House rules that no ready-made linter knows; text in, findings out."""

import ast
import io
import os
import re
import subprocess
import tokenize
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
CODE = {".py", ".js", ".xml", ".scss", ".sh"}
TEXT = CODE | {
    ".cfg", ".conf", ".css", ".csv", ".env", ".html", ".json", ".md", ".mjs", ".po",
    ".rst", ".sql", ".toml", ".txt", ".yaml", ".yml", "",
}  # fmt: skip
# Generated, hashed or vendored files: nobody edits them line by line.
SKIPPED = re.compile(r"(^|/)(package-lock\.json|static/(src/)?lib/|fixtures/)")

# Patterns are written so that this file does not match itself.
FORBIDDEN = (
    (r"\b[sr]k_live_[A-Za-z0-9]{6}", "a live key"),
    (r"\bwhsec_[A-Za-z0-9+/]{24}", "a signing secret"),
    (r"-----BEGIN [A-Z ]*PRIVATE KEY", "a private key"),
    (r"\bAKIA[0-9A-Z]{16}\b", "a cloud key"),
    (r"\bgh[pousr]_[A-Za-z0-9]{30}", "a code host token"),
    (r"\bxox[abprs]-[A-Za-z0-9-]{10}", "a chat token"),
    (r"(?<![\w.~-])/(?:root|work|Users)/\w", "a path of somebody's machine"),
    (r"(?<![\w.~-])/home/(?!odoo\b|crm\b)\w", "a path of somebody's machine"),
    (r"\bregistry\.npmjs\.\w|\bpythonhosted\.\w", "a registry host"),
    (
        r"\bpypi\.(?:org|python)|\bdeb\.debian\.\w|\barchive\.ubuntu\.",
        "a registry host",
    ),
)
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")
TYPOGRAPHY = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0]")


@dataclass(frozen=True)
class Finding:
    """One broken rule at one place."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def project_files(root: Path) -> list[Path]:
    """Return the files git tracks or would track (all files without git)."""
    command = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"]
    answer = subprocess.run(command, capture_output=True, check=False)
    if answer.returncode == 0:
        names = answer.stdout.decode().split("\0")
        paths = {root / name for name in names if name}
    else:
        hidden = {".git", ".local", "node_modules", "__pycache__"}
        paths = set()
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name not in hidden]
            paths |= {Path(folder) / name for name in names}
    return sorted(p for p in paths if p.is_file() and not p.is_symlink())


def check_text(path: str, text: str) -> Iterator[Finding]:
    """Secrets, machine paths, registry hosts and unfinished work, line by line."""
    code = Path(path).suffix in CODE
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, what in FORBIDDEN:
            if re.search(pattern, line):
                yield Finding(path, number, f"holds {what}")
        if code and UNFINISHED.search(line):
            yield Finding(path, number, "unfinished work is an issue, not a comment")


def check_size(path: str, text: str) -> Iterator[Finding]:
    """Hard limit on the length of a file of code."""
    lines = text.count("\n")
    if Path(path).suffix in CODE and lines > MAX_FILE_LINES:
        yield Finding(path, lines, f"{lines} lines, the limit is {MAX_FILE_LINES}")


def check_python(path: str, text: str) -> Iterator[Finding]:
    """Length of functions (docstring aside) and plain punctuation in comments."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = _function_lines(node)
            if lines > MAX_FUNCTION_LINES:
                message = f"{node.name} has {lines} lines, limit {MAX_FUNCTION_LINES}"
                yield Finding(path, node.lineno, message)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and TYPOGRAPHY.search(token.string):
            yield Finding(path, token.start[0], "use ASCII punctuation in comments")


def _function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node, clean=False) is not None:
        docstring = node.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def check_xml(path: str, text: str) -> Iterator[Finding]:
    """Well-formedness."""
    try:
        ET.fromstring(text.encode())  # noqa: S314 - our own files
    except ET.ParseError as error:
        yield Finding(path, error.position[0], f"not well-formed: {error}")


def check_manifest(path: str, text: str, names: set[str]) -> Iterator[Finding]:
    """Every data file of an addon is loaded by its manifest.

    :param names: all project files, relative to the project
    """
    manifest = ast.literal_eval(text)
    listed = set(manifest.get("data", [])) | set(manifest.get("demo", []))
    addon = path.removesuffix("__manifest__.py")
    for name in sorted(names):
        inside = name.removeprefix(addon)
        folder = inside.split("/")[0]
        if name == inside or folder not in ("data", "demo", "security", "views"):
            continue
        # Odoo loads a CSV file named after a model; others are an addon's own tables.
        is_data = inside.endswith(".xml") or Path(inside).stem.count(".")
        if is_data and inside not in listed:
            yield Finding(name, 1, "is in no manifest")


def check_file(root: Path, path: Path, names: set[str]) -> Iterator[Finding]:
    """Apply every rule that fits to one file."""
    name = path.relative_to(root).as_posix()
    if path.suffix not in TEXT or SKIPPED.search(name):
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    yield from check_text(name, text)
    yield from check_size(name, text)
    if path.suffix == ".py":
        yield from check_python(name, text)
    if path.suffix in (".xml", ".svg"):
        yield from check_xml(name, text)
    if path.name == "__manifest__.py":
        yield from check_manifest(name, text, names)


def check_project(root: Path, files: Iterable[Path] | None = None) -> list[Finding]:
    """Return every broken rule of the project."""
    everything = project_files(root)
    names = {path.relative_to(root).as_posix() for path in everything}
    findings: list[Finding] = []
    for path in files if files is not None else everything:
        findings += check_file(root, path, names)
    return findings
