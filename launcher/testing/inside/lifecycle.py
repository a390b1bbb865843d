"""Installs an addon on a bare database, upgrades it, uninstalls it, tells what is left.

The report (JSON) holds: `installed`, our addons present after the installation;
`upgraded`, the same after the upgrade; `left`, sentences about what the
uninstallation forgot.
"""

import json
import sys
from pathlib import Path

from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import SQL, sql

from .bootstrap import configure, environment, make_parser

# Tables that point at a model by its name, with no constraint that empties them.
NAMED_MODEL_COLUMNS = (
    ("ir_attachment", "res_model"),
    ("ir_filters", "model_id"),
    ("mail_activity", "res_model"),
    ("mail_followers", "res_model"),
    ("mail_message", "model"),
    ("queue_job", "model_name"),
)


def ours_installed(env: Environment, ours: set[str]) -> list[str]:
    """Return the names of our addons that are installed."""
    domain = [("state", "=", "installed"), ("name", "in", sorted(ours))]
    return sorted(env["ir.module.module"].search(domain).mapped("name"))


class Footprint:
    """What an addon alone has put in a database.

    :param models: names of the models that only this addon defines
    :param tables: tables of these models and relation tables of its fields
    :param columns: (table, column) of its stored fields on other models
    :param records: (table, id) of the records that only its data own
    """

    def __init__(self, env: Environment, addon: str):
        self.addon = addon
        owned = self._owned(env)
        models = env["ir.model"].browse(owned.get("ir.model", [])).exists()
        self.models = set(models.mapped("model"))
        self.tables: set[str] = set()
        self.columns: set[tuple[str, str]] = set()
        self._read_fields(env, owned.get("ir.model.fields", []))
        self.tables |= {
            env[name]._table
            for name in self.models
            if name in env and sql.table_exists(env.cr, env[name]._table)
        }
        self.records = {
            (env[model]._table, res_id)
            for model, ids in owned.items()
            if model in env and model not in self.models and env[model]._auto
            for res_id in ids
        }

    def _owned(self, env: Environment) -> dict[str, list[int]]:
        """Model -> ids of the records that no other addon also names."""
        query = SQL(
            """SELECT model, res_id FROM ir_model_data
            GROUP BY model, res_id HAVING min(module) = %s AND max(module) = %s""",
            self.addon,
            self.addon,
        )
        owned: dict[str, list[int]] = {}
        for model, res_id in env.execute_query(query):
            owned.setdefault(model, []).append(res_id)
        return owned

    def _read_fields(self, env: Environment, ids: list[int]) -> None:
        for row in env["ir.model.fields"].browse(ids).exists():
            field = env[row.model]._fields.get(row.name) if row.model in env else None
            if field is None:
                continue
            if field.type == "many2many" and field.store and field.relation:
                self.tables.add(field.relation)
            elif row.model not in self.models and field.store and field.column_type:
                self.columns.add((env[row.model]._table, row.name))

    def find_left(self, env: Environment) -> list[str]:
        """Return one sentence per trace that is still in the database."""
        left = [
            f"table {name}" for name in self.tables if sql.table_exists(env.cr, name)
        ]
        left += [
            f"column {table}.{column}"
            for table, column in self.columns
            if sql.column_exists(env.cr, table, column)
        ]
        left += [
            f"record {table},{res_id}"
            for table, res_id in self.records
            if sql.table_exists(env.cr, table)
            and env.execute_query(
                SQL("SELECT 1 FROM %s WHERE id = %s", SQL.identifier(table), res_id)
            )
        ]
        left += self._find_named(env)
        names = env.execute_query(
            SQL("SELECT name FROM ir_model_data WHERE module = %s", self.addon)
        )
        left += [f"external id {self.addon}.{name}" for (name,) in names]
        keys = env.execute_query(
            SQL(
                "SELECT key FROM ir_config_parameter WHERE key LIKE %s",
                f"{self.addon}.%",
            )
        )
        return sorted(left) + [f"parameter {key}" for (key,) in keys]

    def _find_named(self, env: Environment) -> list[str]:
        """Rows of shared tables that still speak of a model of the addon."""
        left = []
        for table, column in NAMED_MODEL_COLUMNS:
            if self.models and sql.column_exists(env.cr, table, column):
                query = SQL(
                    "SELECT count(*) FROM %s WHERE %s IN %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    tuple(self.models),
                )
                ((count,),) = env.execute_query(query)
                left += [f"{count} rows of {table} about its models"] if count else []
        return left


def main() -> int:
    parser = make_parser(__doc__.splitlines()[0])
    parser.add_argument("--addon", required=True)
    parser.add_argument("--ours", nargs="+", required=True, help="all our addons")
    parser.add_argument("--report", type=Path, required=True)
    options = parser.parse_args()
    configure(options)
    database, addon, ours = options.database, options.addon, set(options.ours)
    report = {}
    Registry.new(database, update_module=True, install_modules=[addon])
    with environment(database) as env:
        report["installed"] = ours_installed(env, ours)
    Registry.new(database, update_module=True, upgrade_modules=[addon])
    with environment(database) as env:
        report["upgraded"] = ours_installed(env, ours)
        footprint = Footprint(env, addon)
        module = env["ir.module.module"].search([("name", "=", addon)])
        module.button_immediate_uninstall()
    # A fresh registry, as after a restart: what it cannot load, it says in the log.
    Registry.new(database)
    with environment(database) as env:
        report["left"] = footprint.find_left(env)
        report["remaining"] = ours_installed(env, ours)
    options.report.write_text(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
