from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Tell administrators as they log in when documents lose something."""
        info = super().session_info()
        if self.env.user.has_group("base.group_system"):
            info["report_engine_warning"] = self.env[
                "ir.actions.report"
            ]._get_engine_warning()
        return info
