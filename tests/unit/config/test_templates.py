"""The templates in config/ say what production needs, and nothing else varies."""

import configparser
import string
from pathlib import Path

import pytest

CONFIG = Path(__file__).resolve().parents[3] / "config"

VALUES = {
    "addons_path": "/odoo/addons,/suite/addons",
    "data_dir": "/state/data",
    "db_host": "/run/pg",
    "db_port": "5432",
    "db_user": "crm",
    "db_name": "crm",
    "db_filter": "^crm$",
    "http_interface": "127.0.0.1",
    "http_port": "8069",
    "gevent_port": "8072",
    "job_channels": "root:4",
    "job_host": "127.0.0.1",
    "job_port": "8069",
    "workers": "4",
    "max_cron_threads": "2",
    "admin_passwd": "random",
    "proxy_mode": "True",
    "logfile": "",
}


def _read(kind):
    text = string.Template((CONFIG / f"odoo.{kind}.conf.in").read_text())
    parser = configparser.RawConfigParser()
    parser.read_string(text.substitute(VALUES))
    return parser


@pytest.mark.parametrize("kind", ["dev", "prod"])
def test_jobs_run_and_the_database_list_is_hidden(kind):
    conf = _read(kind)
    modules = conf["options"]["server_wide_modules"].split(",")
    assert modules == ["base", "rpc", "web", "queue_job"]
    assert conf["queue_job"]["channels"] == "root:4"
    assert conf["options"]["list_db"] == "False"
    assert conf["options"]["dbfilter"] == "^crm$"
    assert conf["options"]["with_demo"] == "False"


@pytest.mark.parametrize("kind", ["dev", "prod"])
def test_no_password_of_the_database_is_written(kind):
    assert "db_password" not in _read(kind)["options"]


@pytest.mark.parametrize("kind", ["dev", "prod"])
def test_no_option_that_odoo_would_warn_about(kind):
    # The key's place comes by the environment: as an option here, Odoo would log
    # a warning at each start.
    assert not [name for name in _read(kind)["options"] if name.startswith("crm_")]


def test_production_has_processes_limits_and_trusts_its_proxy():
    options = _read("prod")["options"]
    assert options["workers"] == "4"
    assert options["proxy_mode"] == "True"
    assert options["admin_passwd"] == "random"
    soft, hard = (int(options[f"limit_memory_{kind}"]) for kind in ("soft", "hard"))
    assert 1 << 30 <= soft < hard
    assert int(options["limit_time_cpu"]) < int(options["limit_time_real"])


def test_the_proxy_waits_longer_than_a_request_may_take():
    limit = int(_read("prod")["options"]["limit_time_real"])
    proxy = (CONFIG / "nginx.conf.template").read_text()
    assert f"proxy_read_timeout {limit + 10}s;" in proxy
