from dataclasses import dataclass
from functools import partial

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.crm_base.lib.errors import ConfigurationError
from odoo.addons.crm_integrations.lib.exchange import CheckResult

from .. import const
from ..providers.docusign_client import AccountFacts, DocusignClient
from ..providers.docusign_session import DocusignConfig


@dataclass(frozen=True)
class AccountCheck(CheckResult):
    """What a test learned of the account."""

    account: AccountFacts | None = None


def check_account(config: DocusignConfig, texts: dict[str, str]) -> AccountCheck:
    """Ask DocuSign who we are there and what the account offers."""
    with DocusignClient(config) as client:
        account = client.read_account()
    if account.is_blocked:
        raise ConfigurationError(texts["blocked"])
    offered = [texts["simple"]]
    offered += [texts[level] for level, name in account.level_providers.items() if name]
    lines = [
        texts["account"] % (account.name or account.account_id),
        texts["plan"] % account.plan if account.plan else "",
        texts["levels"] % ", ".join(offered),
        texts["sms"] if account.phone_workflow else texts["no_sms"],
        texts["hears"],
    ]
    return AccountCheck(texts["ok"], tuple(filter(None, lines)), account)


class CrmConnection(models.Model):
    """How to reach the account, and the test of it."""

    _inherit = "crm.connection"

    def _get_docusign_oauth_url(self):
        """Return the sign-in host: demo, production, or the address entered."""
        self.ensure_one()
        return (self.base_url or const.OAUTH_URLS[self.environment]).rstrip("/")

    def _get_docusign_config(self):
        """Return what the client needs.

        :raise ConfigurationError: something is missing or cannot be decrypted
        """
        self.ensure_one()
        # sudo: keys are for the server only
        keys = self.sudo()
        missing = keys._get_docusign_missing()
        if missing:
            raise ConfigurationError(self._text_docusign_missing(missing))
        oauth_url = keys._get_docusign_oauth_url()
        return DocusignConfig(
            oauth_url=oauth_url,
            integration_key=keys.docusign_integration_key.strip(),
            user_guid=keys.docusign_user_guid.strip(),
            private_key=keys.docusign_private_key,
            account_id=(keys.docusign_account_id or "").strip(),
            guard_private=not keys._is_private_allowed(oauth_url),
        )

    def _get_docusign_missing(self):
        """Return the labels of the settings that are not entered."""
        names = (
            "docusign_integration_key",
            "docusign_user_guid",
            "docusign_private_key",
        )
        return [
            self._fields[name]._description_string(self.env)
            for name in names
            if not (self[name] or "").strip()
        ]

    def _text_docusign_missing(self, labels):
        return self.env._(
            "%(name)s is not complete: %(fields)s. A CRM administrator enters it in"
            " CRM Suite, Connections.",
            name=self.name,
            fields=", ".join(labels),
        )

    def _get_client_docusign(self):
        return DocusignClient(self._get_docusign_config())

    # === Test button === #

    def _prepare_check_docusign(self, dry_run):
        hears = self.env._(
            "DocuSign reports each step at once; what is missed is found by the"
            " hourly check."
        )
        if not self.sudo().webhook_secret:
            hears = self.env._(
                "No HMAC key is entered: steps are only found by a check every"
                " quarter of an hour."
            )
        texts = {
            "ok": self.env._("DocuSign gives access."),
            "account": self.env._("Account: %s"),
            "plan": self.env._("Plan: %s"),
            "levels": self.env._("Levels offered: %s"),
            "simple": self.env._("simple"),
            "advanced": self.env._("advanced"),
            "qualified": self.env._("qualified"),
            "sms": self.env._("Code by SMS: offered"),
            "no_sms": self.env._("Code by SMS: not offered by this account"),
            "blocked": self.env._("DocuSign has blocked sending for this account."),
            "hears": hears,
        }
        return partial(check_account, self._get_docusign_config(), texts)

    def _apply_check_docusign(self, result):
        account = result.account
        self.sudo().write(
            {
                "docusign_account_name": account.name,
                "docusign_advanced_provider": account.level_providers["advanced"]
                or self.docusign_advanced_provider,
                "docusign_qualified_provider": account.level_providers["qualified"]
                or self.docusign_qualified_provider,
                "docusign_phone_workflow": account.phone_workflow,
            }
        )

    # === May a request go there? === #

    def _check_docusign_ready(self):
        """Refuse with a sentence what would only wait in the queue for ever."""
        missing = self._get_docusign_missing()
        if missing:
            raise UserError(self._text_docusign_missing(missing))
        if self.docusign_needs_consent:
            raise UserError(
                self.env._(
                    "DocuSign waits for its permission: a CRM administrator opens"
                    " %(name)s in CRM Suite, Connections, and presses Allow Access.",
                    name=self.name,
                )
            )
