from . import models


def post_init_hook(env):
    """Remember which key protects this database, if there is one already."""
    env["crm.secret"]._remember_key()


def uninstall_hook(env):
    """Forget the trace of the key: there is nothing left to open with it."""
    key = models.crm_secret.CHECK_PARAMETER
    env["ir.config_parameter"].search([("key", "=", key)]).unlink()
