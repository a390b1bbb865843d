from . import models


def post_init_hook(env):
    """Remember which key protects this database, if there is one already."""
    env["crm.secret"]._remember_key()
