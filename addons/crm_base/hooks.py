"""Installation hooks."""

from odoo.api import Environment


def post_init_hook(env: Environment) -> None:
    """Remember which key protects this database as soon as there is one."""
    env["crm.secret"]._remember_key()
