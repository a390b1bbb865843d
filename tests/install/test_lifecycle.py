"""Each addon alone on a database that holds only Odoo's base.

It pulls what the table allows and nothing else of ours, upgrades, and leaves
nothing behind when it is uninstalled.
"""

import json
from pathlib import Path

import pytest

from launcher.addons import find_addons
from launcher.testing.logs import check_logs
from launcher.testing.template import ensure_bare, ensure_core
from launcher.testing.workspace import LEAVES

ROOT = Path(__file__).resolve().parents[2]

# Addon -> what else of ours comes with it. The five decisions a customer makes
# (billing, contracts, sign, AI scoring, accounting) never pull each other.
BILLING = {"crm_base", "crm_integrations", "crm_billing"}
FRANCE = {"l10n_fr_crm_billing", "l10n_fr_crm_billing_sale"}
DOCUMENTS = {
    "crm_documents",
    "crm_documents_crm",
    "crm_documents_sale",
    "crm_documents_sale_crm",
    "crm_documents_sign",
}
PULLS = {
    "crm_base": set(),
    "crm_ai": {"crm_base", "crm_integrations"},
    "crm_ai_copilot_quotes": {
        "crm_ai",
        "crm_ai_copilot",
        "crm_base",
        "crm_integrations",
        "crm_quotes",
    },
    "crm_ai_copilot_scoring": {
        "crm_ai",
        "crm_ai_copilot",
        "crm_ai_scoring",
        "crm_base",
        "crm_integrations",
    },
    "crm_ai_scoring_quotes": {
        "crm_ai",
        "crm_ai_scoring",
        "crm_base",
        "crm_integrations",
        "crm_quotes",
    },
    "crm_ai_assistant": {"crm_base", "crm_integrations", "crm_ai"},
    "crm_ai_copilot": {"crm_base", "crm_integrations", "crm_ai"},
    "crm_ai_scoring": {"crm_base", "crm_integrations", "crm_ai"},
    "crm_ai_meeting": {"crm_base", "crm_integrations", "crm_ai"},
    "report_chromium": set(),
    "crm_integrations": {"crm_base"},
    "crm_sign": {"crm_base", "crm_integrations"},
    "crm_sign_yousign": {"crm_base", "crm_integrations", "crm_sign"},
    "crm_sign_sms": {"crm_base", "crm_integrations", "crm_sign"},
    "crm_documents": {"crm_base"},
    "crm_documents_crm": {"crm_base", "crm_documents"},
    "crm_documents_sale": {"crm_base", "crm_documents"},
    "crm_documents_sign": {
        "crm_base",
        "crm_documents",
        "crm_integrations",
        "crm_sign",
    },
    "crm_documents_sale_crm": {
        "crm_base",
        "crm_documents",
        "crm_documents_crm",
        "crm_documents_sale",
    },
    "crm_sign_docusign": {"crm_base", "crm_integrations", "crm_sign"},
    "crm_billing": BILLING - {"crm_billing"},
    "crm_quotes": {"crm_base"},
    "crm_quotes_sign": {"crm_base", "crm_integrations", "crm_quotes", "crm_sign"},
    "crm_billing_helpdesk": BILLING,
    "crm_billing_sale": BILLING,
    "crm_billing_sms": BILLING,
    "l10n_fr_crm_billing": BILLING,
    "l10n_fr_crm_billing_sale": BILLING | {"l10n_fr_crm_billing"},
    "crm_demo": BILLING
    | FRANCE
    | {
        "crm_ai",
        "crm_ai_meeting",
        "crm_ai_copilot",
        "crm_billing_helpdesk",
        "crm_documents",
        "crm_documents_sale",
        "crm_quotes",
        "crm_sign",
    },
    "crm_suite": BILLING
    | FRANCE
    | DOCUMENTS
    | {
        "crm_ai",
        "crm_ai_assistant",
        "crm_ai_copilot",
        "crm_ai_copilot_quotes",
        "crm_ai_copilot_scoring",
        "crm_ai_scoring",
        "crm_ai_scoring_quotes",
        "crm_ai_meeting",
        "crm_billing_helpdesk",
        "crm_billing_sale",
        "crm_billing_sms",
        "crm_quotes",
        "crm_quotes_sign",
        "crm_sign",
        "crm_sign_docusign",
        "crm_sign_sms",
        "crm_sign_yousign",
        "report_chromium",
    },
}
# The longest first: two processes then finish together.
ADDONS = sorted(
    find_addons([ROOT / "addons"]), key=lambda name: -len(PULLS.get(name, ()))
)


def test_every_addon_says_what_it_pulls():
    assert set(ADDONS) == set(PULLS)


def live_and_die(workspace, addon):
    """Install, upgrade and uninstall one addon; return the report and the log."""
    # The leaves need nearly all of Odoo: what they stand on is ready already.
    bare = ensure_core(workspace) if addon in LEAVES else ensure_bare(workspace)
    database = workspace.database(f"alone_{addon}")
    log = workspace.logs / f"alone_{addon}.log"
    report = workspace.folder / f"alone_{addon}.json"
    for path in (log, report):
        path.unlink(missing_ok=True)
    workspace.clone(bare, database)
    options = ["-c", workspace.write_conf(f"alone_{addon}"), "-d", database]
    options += ["--addon", addon, "--report", report, "--ours", *workspace.addons]
    try:
        workspace.run_inside("lifecycle", options, log)
    finally:
        workspace.drop(database)
    return json.loads(report.read_text()), log


# One test per addon: another process takes the next addon meanwhile.
@pytest.mark.parametrize("addon", ADDONS)
def test_alone_it_installs_upgrades_and_leaves_nothing(workspace, addon):
    report, log = live_and_die(workspace, addon)
    assert set(report["installed"]) == {addon, *PULLS[addon]}
    assert report["upgraded"] == report["installed"]
    assert report["left"] == []
    assert set(report["remaining"]) == PULLS[addon]
    assert check_logs([log]) == ""
