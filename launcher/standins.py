"""What stands for the outside world in a trial: a payment provider, a mailbox."""

import json
import os
import re
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
_ATTEMPTS = 4
# How a stand-in says that it listens.
_READY = re.compile(r"(Mail catcher|\w+ stand-in) on ")

# Signature services: first port, what their API adds to the address, where their
# events go.
SIGNING = {"yousign": (12112, "/v3", "/crm_sign/yousign/webhook/")}
_FIRST_PORTS |= {name: port for name, (port, *_more) in SIGNING.items()}

# Vendors of language models, all played by one stand-in: what their API adds to its
# address.
MODELS = {"openai": "/v1", "anthropic": ""}
_FIRST_PORTS["llm"] = 12114

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

    def signing_url(self, name: str) -> str:
        """The address of the API of a signature service."""
        _port, path, *_more = SIGNING[name]
        return f"http://127.0.0.1:{self.ports[name]}{path}"

    def models_url(self, vendor: str) -> str:
        """The address of the API of a vendor of language models."""
        return f"http://127.0.0.1:{self.ports['llm']}{MODELS[vendor]}"

    @property
    def mail_page_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['mail_page']}"

    @property
    def mail_folder(self) -> Path:
        return self.paths.local / "mails"

    def choose_ports(self, names: tuple[str, ...] = tuple(_FIRST_PORTS)) -> None:
        """Decide on these ports: those of the last run when they are free."""
        file = self.paths.run / "ports.json"
        try:
            former = json.loads(file.read_text())
        except (OSError, ValueError):
            former = {}
        taken = {port for name, port in self.ports.items() if name not in names}
        for name in names:
            port = system.free_port(former.get(name) or _FIRST_PORTS[name])
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
        words += ["--memory", str(self.paths.local / "standin-stripe.json")]
        module = "tests.standins.stripe"
        self._start("stripe", module, {"--port": "stripe"}, *words)

    def start_signing(self, name: str, webhook_url: str) -> None:
        """:param webhook_url: where its events go, may be empty"""
        words = ("--webhook-url", webhook_url) if webhook_url else ()
        self._start(name, f"tests.standins.{name}", {"--port": name}, *words)

    def start_models(self) -> None:
        self._start("llm", "tests.standins.llm", {"--port": "llm"})

    def start_mail(self) -> None:
        ports = {"--smtp-port": "mail_smtp", "--http-port": "mail_page"}
        folder = ("--folder", str(self.mail_folder))
        self._start("mail", "tests.standins.mail", ports, *folder)

    def stop(self) -> None:
        while self.children:
            self.children.pop().stop(grace_seconds=3)

    def _start(self, name: str, module: str, ports: dict[str, str], *args: str) -> None:
        """Start one; on other ports when somebody was quicker to take these.

        :param ports: option of the program -> name of the port
        """
        log = self.paths.logs / f"standin-{name}.log"
        for _attempt in range(_ATTEMPTS):
            options = [w for o, p in ports.items() for w in (o, str(self.ports[p]))]
            child = self._launch(name, [module, *options, *args], log)
            if self._answers(child, log):
                return
            self.children.remove(child)
            child.stop(grace_seconds=3)
            self.choose_ports(tuple(ports.values()))
        last = proc.tail(log).strip().splitlines()
        raise Trouble(
            f"The stand-in for {name} does not start: "
            f"{last[-1] if last else 'no answer'}",
            f"Details: {log}",
        )

    def _launch(self, name: str, words: list[str], log: Path) -> proc.Child:
        env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with log.open("wb") as stream:
            child = proc.start(
                [self.venv.python, "-m", *words],
                cwd=self.paths.root,
                env=env,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        child.name = name
        self.children.append(child)
        return child

    def _answers(self, child: proc.Child, log: Path) -> bool:
        """Whether it has said that it is there (a busy port may be another's)."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and child.is_running():
            if _READY.match(log.read_text(errors="replace")):
                return True
            time.sleep(0.05)
        return False
