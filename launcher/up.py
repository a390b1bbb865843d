"""``./crm up`` and ``./crm serve``: from nothing to a running suite."""

import os
import secrets
import signal
import time
from contextlib import ExitStack

from . import databases, proc, summary, system
from .chromium import provide_printing
from .console import Steps, Trouble, human_seconds, say
from .detach import is_detached
from .odoo_conf import ServerSettings
from .odoo_source import ensure_odoo
from .options import DEMO, Options, is_loopback, read_number
from .outside import Outside, introduce_server
from .paths import Paths, write_private
from .postgres import Postgres, find_postgres, read_address
from .python_env import ensure_venv
from .runstate import RunFile, RunState
from .server import OdooServer, RunningServer

DEFAULT_PORT = 8069
COMPILE_ASSETS = "env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()\n"
# Exchanges with partners wait for the network: they leave one place to the rest.
JOB_CHANNELS = "root:4,root.crm_exchange:3,root.crm_office:1,root.crm_ai_batch:1"


class Launch:
    """One run, from the first step to the last program stopped."""

    def __init__(self, paths: Paths, options: Options, run_file: RunFile):
        self.paths = paths
        self.options = options
        self.run_file = run_file
        self.steps = Steps(6 if options.production else 7)
        self.state = RunState(pid=os.getpid(), started_at=time.time())
        self.state.database = options.database
        self.outside: Outside | None = None

    def run(self) -> int:
        """Start everything, wait for the end, stop everything."""
        with ExitStack() as stack:
            self.run_file.write(self.state)
            try:
                running = self._start_all(stack)
                self._announce(running)
                return self._watch(running)
            except KeyboardInterrupt:
                say("\nStopping ...")
                raise

    # -- starting -------------------------------------------------------------------

    def _start_all(self, stack: ExitStack) -> RunningServer:
        with self.steps.step("Python environment") as step:
            venv = ensure_venv(self.paths, dev=False)
            step.note = venv.folder.name
        with self.steps.step("Odoo 19") as step:
            odoo = ensure_odoo(self.paths)
            step.note = odoo.build
        with self.steps.step("Chromium for PDF documents") as step:
            step.note = provide_printing(self.options.production)
        with self.steps.step("Database server") as step:
            postgres = self._open_postgres(stack)
            place = "private" if postgres.cluster else postgres.address.host
            step.note = f"PostgreSQL {postgres.major}, {place}"
        server = OdooServer(self.paths, venv, odoo, postgres)
        settings = self._choose_settings()
        self.state.url = public_url(settings)
        if not self.options.production:
            self.outside = Outside(self.paths, venv, settings)
            stack.callback(self.outside.stop)
            server.extra_env |= self.outside.env()
        with self.steps.step(f"Database {self.options.database}") as step:
            step.note = self._make_database(server)
        write_address(server, self.options.database, self.state.url)
        if self.outside:
            with self.steps.step("Stand-ins for the outside world") as step:
                step.note = self.outside.start(server, self.options.database)
                # A port may have been taken since: theirs are known only now.
                server.extra_env |= self.outside.env()
                settings = self.outside.add_mail(settings)
                self._record(*self.outside.children)
        if DEMO in self.options.names:
            introduce_server(server, self.options.database, settings.local_url)
        with self.steps.step("Server with job runner") as step:
            running = server.start(settings)
            stack.callback(running.stop)
            self._record(running.child)
            running.wait_ready()
            step.note = f"answers on port {settings.http_port}"
        return running

    def _open_postgres(self, stack: ExitStack) -> Postgres:
        if self.options.production and not read_address(os.environ):
            raise Trouble(
                "A production server needs a database server.",
                "Set DATABASE_URL (postgresql://user:password@host:5432/database).",
            )
        postgres = find_postgres(self.paths)
        # First: an interruption while it opens must close it too.
        stack.callback(postgres.close)
        postgres.open()
        return postgres

    def _choose_settings(self) -> ServerSettings:
        options = self.options
        wanted = options.port or DEFAULT_PORT
        host = options.bind
        port = wanted if options.production else system.free_port(wanted, host)
        if not system.is_port_free(port, host):
            raise Trouble(
                f"Port {port} is taken by another program.",
                "Choose another one with --port.",
            )
        if port != wanted:
            say(f"      port {wanted} is taken: using {port}")
        return ServerSettings(
            database=options.database,
            http_interface=host,
            http_port=port,
            gevent_port=system.free_port(port + 3, host),
            workers=options.workers,
            production=options.production,
            job_channels=os.environ.get("CRM_JOB_CHANNELS") or JOB_CHANNELS,
            mail_host=os.environ.get("CRM_MAIL_HOST", ""),
            mail_port=read_number("CRM_MAIL_PORT") or 25,
        )

    def _make_database(self, server: OdooServer) -> str:
        def finish(database: str) -> None:
            if self.options.is_open_to_others or os.environ.get("CRM_ADMIN_PASSWORD"):
                set_admin_password(server, database)
            # The first visitor would wait for them.
            self.steps.detail("preparing scripts and styles of the pages")
            server.run_script(database, COMPILE_ASSETS, "assets.log")

        return databases.make_ready(
            server,
            self.options.database,
            self.options.names,
            self.steps.detail,
            finish,
        )

    def _record(self, *children: proc.Child) -> None:
        """Write down what was started, for whoever finds us killed."""
        for child in children:
            self.state.children[child.name] = [child.pid, proc.birth_of(child.pid)]
        self.run_file.write(self.state)

    # -- running --------------------------------------------------------------------

    def _announce(self, running: RunningServer) -> None:
        spent = human_seconds(self.steps.elapsed_seconds)
        lines = [f"{self.state.url} is ready (after {spent}).", ""]
        lines += summary.describe_users(self.paths, self.options)
        lines += ["", "Job runner:    on"]
        lines += summary.describe_parts(self.options, running, self.outside)
        self.state.summary = lines
        self.state.ready = True
        self.run_file.write(self.state)
        say()
        for line in lines:
            say(line)
        say()
        if not self.options.production and not is_detached():
            say("Ctrl-C (or ./crm stop) ends everything.")

    def _watch(self, running: RunningServer) -> int:
        while running.child.is_running():
            time.sleep(0.3)
            if self.outside:
                self.outside.watch()
        raise running.explain_end()


def public_url(settings: ServerSettings) -> str:
    """The address for people: of the proxy if there is one."""
    given = os.environ.get("CRM_BASE_URL", "").rstrip("/")
    host = settings.local_host
    host = "localhost" if is_loopback(host) else host
    return given or f"http://{host}:{settings.http_port}"


def write_address(server: OdooServer, database: str, url: str) -> None:
    """Links in mails and payment pages lead here, before any administrator logs in."""
    values = {"web.base.url": url}
    if os.environ.get("CRM_BASE_URL"):
        values["web.base.url.freeze"] = "True"
    else:
        frozen = server.postgres.psql(
            "SELECT 1 FROM ir_config_parameter WHERE key = 'web.base.url.freeze'",
            database,
        )
        if frozen:
            return
    databases.write_parameters(server, database, values)


def set_admin_password(server: OdooServer, database: str) -> None:
    """A password of its own where others than us can reach the server."""
    password = os.environ.get("CRM_ADMIN_PASSWORD")
    if not password:
        password = secrets.token_urlsafe(12)
        write_private(server.paths.local / summary.ADMIN_PASSWORD_FILE, password + "\n")
    server.run_script(
        database,
        f"env.ref('base.user_admin').password = {password!r}\nenv.cr.commit()\n",
        "admin-password.log",
    )


def run_up(paths: Paths, options: Options) -> int:
    """Foreground: returns when everything has been stopped again."""
    run_file = RunFile(paths)
    if not run_file.take():
        state = run_file.read()
        if state and state.ready and state.database != options.database:
            raise Trouble(
                f"The database {state.database} is running here: {state.url}",
                "Run ./crm stop first; one checkout runs one database at a time.",
            )
        if state and state.ready:
            say(f"Already running: {state.url} (database {state.database}).")
            say("./crm stop ends it, ./crm status says more.")
            return 0
        raise Trouble(
            "Another ./crm up is starting in this checkout.",
            "Wait for it, or run ./crm stop.",
        )
    try:
        for name in run_file.end_leftovers():
            say(f"Ended {name}, left by an earlier run.")
        return Launch(paths, options, run_file).run()
    except KeyboardInterrupt:
        say("Stopped, nothing is left running.")
        # What was asked for is no failure: a container that ends counts as well.
        return 0 if proc.interruption.received == signal.SIGTERM else 130
    finally:
        run_file.release()
