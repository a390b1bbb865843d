"""The kernel stays small: docs/decisions/0011-size-of-the-kernel.md."""

import ast
import io
import tokenize
from pathlib import Path

KERNEL = Path(__file__).parents[3] / "addons" / "crm_base"
CAP_LINES = 1500
_LAYOUT = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}


def count_code_lines(source: str) -> int:
    """Lines that hold code: no blank, comment or docstring."""
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _LAYOUT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text and isinstance(node.value.value, str):
            lines.difference_update(range(node.lineno, node.end_lineno + 1))
    return len(lines)


def test_only_lines_with_code_count():
    source = '"""Doc\nstring."""\n\n# why\nx = """a\nb"""\n\n\ndef f():\n    "doc"\n'
    assert count_code_lines(source) == 3


def test_kernel_stays_under_its_cap():
    files = [f for f in KERNEL.rglob("*.py") if "tests" not in f.parts]
    assert files
    sizes = {f.name: count_code_lines(f.read_text()) for f in files}
    assert sum(sizes.values()) <= CAP_LINES, sizes
