"""Stands for Odoo where only the launcher is tested: tables, a login page, no ORM.

The command line ``odoo.cli`` of a made-up source tree.
``FAKE_ODOO_SECONDS`` slows it down, ``FAKE_ODOO_FAILS`` makes installing fail.
"""

import argparse
import configparser
import http.server
import json
import os
import subprocess
import sys
import time

TABLES = """
CREATE TABLE IF NOT EXISTS ir_module_module (name text PRIMARY KEY, state text);
CREATE TABLE IF NOT EXISTS ir_config_parameter (
  key text UNIQUE, value text, create_uid int, write_uid int,
  create_date timestamp, write_date timestamp);
CREATE TABLE IF NOT EXISTS ir_attachment (store_fname text);
CREATE TABLE IF NOT EXISTS res_currency (id serial, name text, active bool);
CREATE TABLE IF NOT EXISTS res_company (currency_id int, partner_id int);
CREATE TABLE IF NOT EXISTS res_users (id int, partner_id int);
CREATE TABLE IF NOT EXISTS res_partner (id int, country_id int, lang text, tz text);
CREATE TABLE IF NOT EXISTS ir_model_data (module text, name text, res_id int);
CREATE TABLE IF NOT EXISTS ir_model_fields (id int, model text, name text);
CREATE TABLE IF NOT EXISTS ir_default (
  field_id int, json_value text, create_uid int, write_uid int,
  create_date timestamp, write_date timestamp);
"""
UPSERT = """
INSERT INTO ir_module_module VALUES ('%(name)s', '%(state)s')
ON CONFLICT (name) DO UPDATE SET state = '%(state)s'
"""


def psql(database, sql):
    command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database]
    subprocess.run(command, input=sql.encode(), check=True)


def change(options, database):
    if os.environ.get("FAKE_ODOO_FAILS"):
        print("ParseError: the view of this addon is wrong", file=sys.stderr)
        sys.exit(1)
    psql(database, TABLES)
    for name in filter(None, f"{options.init},{options.update}".split(",")):
        # Visible halfway, as in the real one.
        for state in ("to install", "installed"):
            psql(database, UPSERT % {"name": name, "state": state})
    time.sleep(float(os.environ.get("FAKE_ODOO_SECONDS", 0)))
    with open("calls.jsonl", "a") as calls:
        calls.write(json.dumps({"init": options.init, "update": options.update}) + "\n")


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"login")

    def log_message(self, *args):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("subcommand")
    parser.add_argument("-c", dest="conf")
    parser.add_argument("--init", default="")
    parser.add_argument("--update", default="")
    parser.add_argument("--stop-after-init", action="store_true")
    options, _others = parser.parse_known_args()
    conf = configparser.RawConfigParser()
    conf.read(options.conf)
    if options.subcommand == "shell":
        sys.stdin.read()
        print("done")
    elif options.stop_after_init:
        change(options, conf["options"]["db_name"])
    else:
        time.sleep(float(os.environ.get("FAKE_ODOO_SECONDS", 0)))
        address = (conf["options"]["http_interface"], int(conf["options"]["http_port"]))
        http.server.ThreadingHTTPServer(address, Page).serve_forever()
