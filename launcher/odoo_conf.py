"""odoo.conf out of the templates in config/."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from string import Template

from .paths import Paths, write_private
from .postgres import Postgres


@dataclass(frozen=True)
class ServerSettings:
    """What differs from one server to the next.

    :param production: the template for it, several processes, a proxy in front
    :param mail_host: where mails leave to, none when empty
    """

    database: str
    http_interface: str = "127.0.0.1"
    http_port: int = 8069
    gevent_port: int = 8072
    workers: int = 0
    production: bool = False
    job_channels: str = "root:4"
    mail_host: str = ""
    mail_port: int = 25

    @property
    def local_host(self) -> str:
        """Where we reach the server ourselves."""
        everywhere = ("0.0.0.0", "", "::")  # noqa: S104
        return "127.0.0.1" if self.http_interface in everywhere else self.http_interface

    @property
    def local_url(self) -> str:
        return f"http://{self.local_host}:{self.http_port}"


def write_conf(
    target: Path,
    paths: Paths,
    addons_path: list[Path],
    postgres: Postgres,
    settings: ServerSettings,
    data_dir: Path | None = None,
) -> Path:
    """Render the template into ``target``, readable by its owner only."""
    kind = "prod" if settings.production else "dev"
    template = Template((paths.root / "config" / f"odoo.{kind}.conf.in").read_text())
    values = {
        "addons_path": ",".join(str(folder) for folder in addons_path),
        "data_dir": str(data_dir or paths.data_dir),
        "db_host": postgres.address.host,
        "db_port": str(postgres.address.port),
        "db_user": postgres.address.user,
        "db_name": settings.database,
        "db_filter": os.environ.get("CRM_DB_FILTER") or f"^{settings.database}$",
        "http_interface": settings.http_interface,
        "http_port": str(settings.http_port),
        "gevent_port": str(settings.gevent_port),
        "workers": str(settings.workers),
        "max_cron_threads": os.environ.get("CRM_CRON_THREADS", "2"),
        "job_channels": settings.job_channels,
        "job_host": settings.local_host,
        "job_port": str(settings.http_port),
        # Nobody needs it (the database manager is off): random, kept nowhere.
        "admin_passwd": secrets.token_urlsafe(24),
        "proxy_mode": str(settings.production),
        "logfile": os.environ.get("CRM_LOGFILE", ""),
    }
    write_private(target, template.substitute(values))
    return target
