"""Odoo out of the distribution's package, without installing anything.

The mirror is the one of the machine's own apt configuration; apt works on a
private state, so neither the system's sources nor its package list change.
"""

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import proc, system
from .paths import Paths

PYTHON_FOLDER = Path("usr/lib/python3/dist-packages")
ODOO_SUITE = "sid"
ODOO_PACKAGE = "odoo-19"
# Montserrat is only packaged in sid. The others must be those of the machine's
# release: in sid the files of Font Awesome have other names, and the package's
# links (fonts, jQuery) would point nowhere.
SID_PACKAGES = (ODOO_PACKAGE, "fonts-montserrat")
RELEASE_PACKAGES = (
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)


class Unavailable(Exception):
    """This way of getting Odoo does not work here; the text says why."""


@dataclass(frozen=True)
class Archive:
    """A package file that apt announces."""

    file_name: str
    size_bytes: int
    sha256: str

    @property
    def version(self) -> str:
        return self.file_name.split("_")[1].replace("%3a", ":")


def fetch(paths: Paths, folder: Path) -> str:
    """Download, verify and unpack; returns the name of the folder made."""
    for program in ("apt-get", "dpkg-deb"):
        if not proc.find_program(program):
            raise Unavailable(f"no {program} on this machine")
    codename = read_codename()
    mirror, release = find_mirror(codename)
    files: list[Path] = []
    wanted = ((ODOO_SUITE, SID_PACKAGES), (release, RELEASE_PACKAGES))
    for suite, packages in wanted:
        files += _download(paths.downloads, mirror, suite, packages)
    version = next(
        archive.name.split("_")[1]
        for archive in files
        if archive.name.startswith(f"{ODOO_PACKAGE}_")
    )
    name = f"deb-{version}-{codename}"
    _unpack(files, folder / name)
    return name


def read_codename() -> str:
    try:
        text = Path("/etc/os-release").read_text()
    except OSError:
        text = ""
    match = re.search(r"^VERSION_CODENAME=\"?([a-z]+)", text, re.MULTILINE)
    if not match:
        raise Unavailable("the release of this system is unknown")
    return match.group(1)


def find_mirror(codename: str) -> tuple[str, str]:
    """Address and suite name of the machine's main mirror."""
    shown = proc.run(
        [
            "apt-get",
            "indextargets",
            # Answers even where "apt-get update" was never run.
            "--no-release-info",
            "--format",
            "$(RELEASE) $(COMPONENT) $(REPO_URI)",
            "Identifier: Packages",
        ]
    ).stdout
    rows = [line.split() for line in shown.splitlines()]
    rows = [row for row in rows if len(row) == 3 and row[1] == "main"]
    for suite in (codename, "stable", "oldstable", "testing"):
        for release, _component, uri in rows:
            if release == suite:
                return uri, release
    raise Unavailable(f"apt knows no mirror for {codename}")


def _download(
    folder: Path, mirror: str, suite: str, packages: tuple[str, ...]
) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    options = _private_apt(folder / f"apt-{suite}", mirror, suite)
    proc.run(["apt-get", *options, "update"])
    printed = proc.run(["apt-get", *options, "download", "--print-uris", *packages])
    archives = read_uris(printed.stdout)
    if len(archives) != len(packages):
        raise Unavailable(f"{suite} does not have all of {', '.join(packages)}")
    missing = [archive for archive in archives if not _is_whole(folder, archive)]
    for archive in missing:
        # An interrupted download goes on from apt's partial file.
        package = f"{archive.file_name.split('_')[0]}={archive.version}"
        (folder / archive.file_name).unlink(missing_ok=True)
        proc.run(["apt-get", *options, "download", package], cwd=folder)
        if not _is_whole(folder, archive):
            raise Unavailable(f"{archive.file_name} arrived damaged")
    return [folder / archive.file_name for archive in archives]


def _private_apt(state: Path, mirror: str, suite: str) -> list[str]:
    for part in ("lists/partial", "cache/archives/partial", "log"):
        (state / part).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    (state / "list").write_text(f"deb {mirror} {suite} main\n")
    pairs = {
        "Dir::State": state,
        "Dir::State::status": state / "status",
        "Dir::State::lists": state / "lists",
        "Dir::Cache": state / "cache",
        "Dir::Log": state / "log",
        "Dir::Etc::sourcelist": state / "list",
        "Dir::Etc::sourceparts": "-",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
    }
    if system.is_root():
        # apt's own sandbox user could not enter a private cache folder.
        pairs["APT::Sandbox::User"] = "root"
    # Spaces in the cache's path would split the option without the quotes.
    return ["-q", *[w for k, v in pairs.items() for w in ("-o", f"{k}={v}")]]


def read_uris(text: str) -> list[Archive]:
    """Parse ``apt-get download --print-uris``."""
    pattern = re.compile(r"^'[^']+' (\S+) (\d+) SHA256:([0-9a-f]{64})$", re.MULTILINE)
    return [
        Archive(name, int(size), digest) for name, size, digest in pattern.findall(text)
    ]


def _is_whole(folder: Path, archive: Archive) -> bool:
    path = folder / archive.file_name
    if not path.is_file() or path.stat().st_size != archive.size_bytes:
        return False
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest() == archive.sha256


def _unpack(files: list[Path], target: Path) -> None:
    """All under one root, so that the packages' relative links resolve."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for file in files:
        proc.run(["dpkg-deb", "-x", file, partial])
    dangling = find_dangling_links(partial / "usr/lib/python3")
    if dangling:
        raise Unavailable(f"the package has links to nowhere ({dangling[0]})")
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)


def find_dangling_links(folder: Path) -> list[Path]:
    """Symbolic links whose target is not there."""
    return [
        path
        for parent, folders, files in os.walk(folder)
        for name in (*folders, *files)
        if (path := Path(parent, name)).is_symlink() and not path.exists()
    ]
