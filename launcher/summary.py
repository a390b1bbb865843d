"""What ``./crm up`` says at the end: users, and what is on or off."""

import csv

from .options import DEMO, Options
from .outside import Outside
from .paths import Paths
from .server import RunningServer

ADMIN_PASSWORD_FILE = "admin.password"  # noqa: S105 - its name, not the password
ROLES = {
    "admin": "administrator",
    "seller": "seller",
    "nocode": "nocode developer",
    "automation": "automation developer",
    "client": "client (portal)",
    "freelance": "freelance",
}


def describe_users(paths: Paths, options: Options) -> list[str]:
    """Logins and passwords, one line each."""
    file = paths.local / ADMIN_PASSWORD_FILE
    password = f"(see {file})" if options.is_open_to_others else "admin"
    users = [("admin", password, "Administrator", "system")]
    if DEMO in options.names:
        users += read_demo_users(paths)
    rows = [("login", "password", "name", "role"), *users]
    widths = [max(len(row[i]) for row in rows) + 2 for i in range(3)]
    return ["".join(map(str.ljust, row, [*widths, 0])) for row in rows]


def read_demo_users(paths: Paths) -> list[tuple[str, str, str, str]]:
    """Login, password, name and role of the demo users, from their only place."""
    file = paths.addons / DEMO / "data" / "users.csv"
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as rows:
        return [
            (row["login"], row["password"], row["name"], ROLES.get(row["role"], ""))
            for row in csv.DictReader(rows)
        ]


def describe_parts(
    options: Options, running: RunningServer, outside: Outside | None
) -> list[str]:
    """What is on or off besides the job runner."""
    lines = []
    if outside:
        lines += outside.describe()
    elif running.settings.mail_host:
        lines.append(f"Mails:         sent through {running.settings.mail_host}")
    lines.append(f"Database:      {options.database} (./crm psql, ./crm shell)")
    if not options.production:
        lines.append(f"Log:           {running.log}")
    return lines
