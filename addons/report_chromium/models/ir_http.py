from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Let screens say when printed documents lose something."""
        info = super().session_info()
        if self.env.user._is_internal():
            reports = self.env["ir.actions.report"]
            info["report_engine"] = reports.get_report_engine()
            if self.env.user.has_group("base.group_system"):
                info["report_engine_warning"] = reports._get_engine_warning()
        return info
