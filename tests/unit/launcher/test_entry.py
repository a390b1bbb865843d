import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_entry_script_parses_on_old_pythons():
    source = (ROOT / "crm").read_text()
    tree = ast.parse(source, feature_version=(3, 4))
    modern = (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Match, ast.AsyncWith)
    assert not [node for node in ast.walk(tree) if isinstance(node, modern)]


def test_too_old_python_is_refused_in_one_sentence():
    script = (
        "import sys; sys.version_info = (3, 8, 18)\n"
        f"sys.argv = [{str(ROOT / 'crm')!r}]\n"
        "import os; os.environ['CRM_PYTHON_TRIED'] = '1'\n"
        f"exec(compile(open({str(ROOT / 'crm')!r}).read(), 'crm', 'exec'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "needs Python 3.10 or newer" in done.stderr
    assert "Traceback" not in done.stderr


def test_alone_it_lists_its_commands():
    done = subprocess.run([ROOT / "crm"], capture_output=True, text=True)
    assert done.returncode == 0
    for command in ("up", "stop", "test", "backup", "restore", "doctor", "reset"):
        assert f"./crm {command}" in done.stdout or f"| {command}" in done.stdout


def test_launcher_imports_only_the_standard_library():
    allowed = set(sys.stdlib_module_names) | {"launcher"}
    for path in [*(ROOT / "launcher").glob("*.py"), ROOT / "crm"]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            assert {name.split(".")[0] for name in names} <= allowed, path
