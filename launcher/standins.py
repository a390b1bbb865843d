"""What stands for the outside world in a trial: a payment provider, a mailbox."""

import json
import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from . import proc, system
from .console import Trouble
from .paths import Paths
from .python_env import Venv

# First choices; the next free one is taken when somebody else has it, and kept
# from one run to the next.
_FIRST_PORTS = {"stripe": 12111, "mail_smtp": 1025, "mail_page": 8025}

STRIPE_SECRET_KEY = "sk_test_standin"  # noqa: S105 - a public toy value
STRIPE_WEBHOOK_SECRET = "whsec_standin"  # noqa: S105 - a public toy value


def stripe_accounts(webhooks: list[tuple[str, str]]) -> list[dict[str, str]]:
    """What the payment stand-in knows of each account, in the order given.

    :param webhooks: name of the company and where its events go
    """
    return [
        {
            "secret_key": STRIPE_SECRET_KEY + (f"_{number}" if number > 1 else ""),
            "webhook_url": url,
            "webhook_secret": STRIPE_WEBHOOK_SECRET,
            "name": company,
        }
        for number, (company, url) in enumerate(webhooks, start=1)
    ]


@dataclass
class Standins:
    """The stand-ins of one run."""

    paths: Paths
    venv: Venv
    ports: dict[str, int] = field(default_factory=dict)
    children: list[proc.Child] = field(default_factory=list)

    @property
    def stripe_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['stripe']}"

    @property
    def mail_page_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['mail_page']}"

    @property
    def mail_folder(self) -> Path:
        return self.paths.local / "mails"

    def choose_ports(self) -> None:
        """Decide on the ports: those of the last run when they are free."""
        file = self.paths.run / "ports.json"
        try:
            former = json.loads(file.read_text())
        except (OSError, ValueError):
            former = {}
        taken: set[int] = set()
        for name, first in _FIRST_PORTS.items():
            port = system.free_port(former.get(name) or first)
            while port in taken:
                port = system.free_port(port + 1)
            taken.add(port)
            self.ports[name] = port
        file.write_text(json.dumps(self.ports))

    def start_stripe(self, webhooks: list[tuple[str, str]]) -> None:
        """One account per company. :param webhooks: see stripe_accounts()"""
        words: list[str] = []
        for account in stripe_accounts(webhooks or [("Entreprise d'essai", "")]):
            for name, value in account.items():
                option = "account-name" if name == "name" else name.replace("_", "-")
                words += [f"--{option}", value]
        port = str(self.ports["stripe"])
        words += ["--memory", str(self.paths.local / "standin-stripe.json")]
        self._start("stripe", "tests.standins.stripe", "--port", port, *words)
        self._wait_for("stripe")

    def start_mail(self) -> None:
        self._start(
            "mail",
            "tests.standins.mail",
            *("--smtp-port", str(self.ports["mail_smtp"])),
            *("--http-port", str(self.ports["mail_page"])),
            *("--folder", str(self.mail_folder)),
        )
        self._wait_for("mail_smtp")

    def stop(self) -> None:
        while self.children:
            self.children.pop().stop(grace_seconds=3)

    def _start(self, name: str, module: str, *args: str) -> None:
        env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with (self.paths.logs / f"standin-{name}.log").open("wb") as log:
            child = proc.start(
                [self.venv.python, "-m", module, *args],
                cwd=self.paths.root,
                env=env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        child.name = name
        self.children.append(child)

    def _wait_for(self, port_name: str) -> None:
        child = self.children[-1]
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and child.is_running():
            if not system.is_port_free(self.ports[port_name]):
                return
            time.sleep(0.05)
        log = self.paths.logs / f"standin-{child.name}.log"
        last = proc.tail(log).strip().splitlines()
        raise Trouble(
            f"The stand-in for {child.name} does not start: "
            f"{last[-1] if last else 'no answer'}",
            f"Details: {log}",
        )
