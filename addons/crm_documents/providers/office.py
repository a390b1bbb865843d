"""Turns a DOCX into a PDF with a headless LibreOffice that may do nothing else.

Own profile, own folder, no network, one process group, killed when time is up.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice", "lowriter")
PROGRAM_VARIABLE = "CRM_LIBREOFFICE"
TIMEOUT_SECONDS = 60
MAX_PDF_BYTES = 40_000_000
CPU_SECONDS = 120

# Odoo limits the address space of its processes and children inherit it: LibreOffice
# reserves more than it uses. In return: processor time, size of files, no core.
WRAPPER = """
ulimit -S -v unlimited 2>/dev/null
ulimit -t {cpu} 2>/dev/null
ulimit -f {blocks} 2>/dev/null
ulimit -c 0 2>/dev/null
exec "$@"
"""
# Macros are never run, links never followed, nothing is asked of the network.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


class OfficeError(Exception):
    """No PDF came out; `reason` is absent, timeout, failed or too_large."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason


def find_office() -> str | None:
    """Return the program's path, or None when it is not installed."""
    named = os.environ.get(PROGRAM_VARIABLE)
    if named is not None:
        return shutil.which(named) if named else None
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@cache
def _network_cutter() -> tuple[str, ...]:
    """Return the command that runs a program without any network, when allowed."""
    unshare = shutil.which("unshare")
    if not unshare:
        return ()
    command = (unshare, "--user", "--map-current-user", "--net", "--")
    try:
        tried = subprocess.run(
            [*command, "true"], capture_output=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if tried.returncode == 0 else ()


def convert_docx(content: bytes, timeout_seconds: float = TIMEOUT_SECONDS) -> bytes:
    """Return the PDF of a DOCX.

    :raise OfficeError: LibreOffice is absent, slow, or gave nothing
    """
    program = find_office()
    if not program:
        raise OfficeError("absent")
    try:
        return _convert(program, content, timeout_seconds)
    except OSError as error:
        raise OfficeError("failed", str(error)) from error


def _convert(program: str, content: bytes, timeout_seconds: float) -> bytes:
    # Killed children may still be letting go of their files.
    with tempfile.TemporaryDirectory(
        prefix="crm_office_", ignore_cleanup_errors=True
    ) as folder:
        home = Path(folder)
        settings = home / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS, encoding="utf-8")
        (home / "document.docx").write_bytes(content)
        detail = _run(program, home, timeout_seconds)
        result = home / "out" / "document.pdf"
        if not result.is_file():
            raise OfficeError("failed", detail)
        if result.stat().st_size > MAX_PDF_BYTES:
            raise OfficeError("too_large")
        pdf = result.read_bytes()
    if not pdf.startswith(b"%PDF-"):
        raise OfficeError("failed", detail)
    return pdf


def _run(program: str, home: Path, timeout_seconds: float) -> str:
    """Run the program in a group of its own; return what it said."""
    blocks = MAX_PDF_BYTES * 4 // 1024
    wrapper = WRAPPER.format(cpu=CPU_SECONDS, blocks=blocks)
    arguments = [
        "sh", "-c", wrapper, "sh", *_network_cutter(), program,
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
        "--convert-to", "pdf:writer_pdf_Export",
        "--outdir", str(home / "out"), str(home / "document.docx"),
    ]  # fmt: skip
    # Nothing of the server's environment: no password, no proxy that leads out.
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        **dict.fromkeys(
            ("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9"
        ),
    }
    with open(home / "said", "wb") as said:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=home,
            env=environment,
            start_new_session=True,
        )
        try:
            process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            raise OfficeError("timeout") from None
        finally:
            # Also after success: nothing of the group may stay behind.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return (home / "said").read_text(errors="replace")[-500:]
