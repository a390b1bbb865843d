from . import models


def uninstall_hook(env):
    """Forget how far the story was told; what it told stays, as any data would."""
    env["ir.config_parameter"].search([("key", "=like", "crm_demo.%")]).unlink()
