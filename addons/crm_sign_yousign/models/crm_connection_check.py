import secrets

from odoo import models

from odoo.addons.crm_integrations.lib.exchange import CheckResult

from ..lib.payloads import RequestFacts, build_request
from ..providers.yousign_client import YousignClient


class CrmConnection(models.Model):
    """The Test and Dry Run buttons of a Yousign account."""

    _inherit = "crm.connection"

    def _prepare_check_yousign(self, dry_run):
        """Test: read the workspaces. Dry run: make a draft and remove it."""
        config = self._get_yousign_config()
        texts = self._get_yousign_check_texts()
        # sudo: secrets are for the server only
        has_secret = bool(self.sudo().webhook_secret)
        draft = dry_run and build_request(
            RequestFacts(
                reference=f"dry-run-{secrets.token_hex(8)}",
                name=self.env._("Dry run"),
                note="",
                orders=(1,),
                last_day="",
                lang=self.env.lang or "fr",
            )
        )

        def check():
            with YousignClient(config) as client:
                names = [str(row.get("name")) for row in client.list_workspaces()]
                lines = [texts["workspaces"] % ", ".join(names)]
                if draft:
                    client.delete_request(client.create_request(draft)["id"])
                    lines.append(texts["dry_run"])
                limit = client.rate_limit
            if limit.limit is not None and limit.remaining is not None:
                left = {"left": limit.remaining, "limit": limit.limit}
                lines.append(texts["left"] % left)
            lines.append(texts["environment"])
            if not has_secret:
                lines.append(texts["no_secret"])
            return CheckResult(texts["ok"], tuple(lines))

        return check

    def _get_yousign_check_texts(self):
        return {
            "ok": self.env._("Yousign accepts the key."),
            "workspaces": self.env._("Workspaces: %s"),
            "dry_run": self.env._("A draft was made at Yousign and removed at once."),
            "left": self.env._("Calls left for the moment: %(left)s of %(limit)s."),
            "environment": self.env._(
                "Sandbox: what is signed there has no legal value."
            )
            if self.environment == "test"
            else self.env._("Production: what is signed there binds people."),
            "no_secret": self.env._(
                "The signing secret is missing: what happens at Yousign is only"
                " found by the hourly check."
            ),
        }
