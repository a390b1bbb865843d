"""Where things are: the checkout, its ignored .local/, and the user's cache."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .console import Trouble

ROOT = Path(__file__).resolve().parent.parent

# Bytes that must be free before a first run: downloads, Odoo, Python, database.
COLD_BYTES = 3_000_000_000
WARM_BYTES = 500_000_000


@dataclass(frozen=True)
class Paths:
    """Every folder the launcher reads or writes.

    :param root: the checkout
    :param local: state of this checkout (database, logs, secret key)
    :param cache: what all checkouts of this user share
    """

    root: Path
    local: Path
    cache: Path

    @property
    def addons(self) -> Path:
        return self.root / "addons"

    @property
    def logs(self) -> Path:
        return self.local / "log"

    @property
    def run(self) -> Path:
        return self.local / "run"

    @property
    def data_dir(self) -> Path:
        """Odoo's filestore and sessions of `./crm up`."""
        return self.local / "data"

    @property
    def secret_key(self) -> Path:
        return self.local / "secret.key"

    @property
    def downloads(self) -> Path:
        return self.cache / "downloads"

    @property
    def checkout_key(self) -> str:
        """Short name that tells this checkout from the others of the machine."""
        return hashlib.sha256(str(self.local).encode()).hexdigest()[:10]

    def prepare(self) -> None:
        """Create the folders, or say which one cannot be written."""
        for folder in (self.local, self.logs, self.run):
            make_folder(folder, "Run ./crm as the user who owns the checkout.")
        # A complete cache may be read-only: that of a container image.
        if not self.cache.is_dir():
            self.need_writable_cache()

    def need_writable_cache(self) -> None:
        """Before something is fetched."""
        make_folder(self.cache, "Set XDG_CACHE_HOME to a folder that you can write to.")

    def need_space(self, folder: Path, needed_bytes: int) -> None:
        """Refuse to start what a full disk would interrupt."""
        free_bytes = shutil.disk_usage(folder).free
        if free_bytes < needed_bytes:
            raise Trouble(
                f"Not enough room on the disk of {folder}: "
                f"{free_bytes / 1e9:.1f} GB free, {needed_bytes / 1e9:.1f} GB needed.",
                "Free some space (./crm reset --cache drops what was downloaded) "
                "or set XDG_CACHE_HOME to a larger disk.",
            )


def make_folder(folder: Path, remedy: str) -> None:
    """Create a folder that must be writable; :raise Trouble: when it is not."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Trouble(
            f"The folder {folder} cannot be written ({error.strerror}).", remedy
        ) from error


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


def find_paths(root: Path = ROOT) -> Paths:
    """The folders of this checkout and this user.

    ``CRM_LOCAL`` moves the state elsewhere (a container's volume).
    """
    local = os.environ.get("CRM_LOCAL")
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Paths(
        root=root,
        local=Path(local).resolve() if local else root / ".local",
        cache=Path(cache).absolute() / "crm-suite",
    )
