{
    "name": "CRM Suite Demo Company",
    "summary": "Agence Lumen, a French agency with two years of history to try out",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": [
        "calendar",
        "contacts",
        "crm_billing",
        "l10n_fr_account",
        "project",
        "sale_crm",
        "sale_management",
    ],
    "data": ["data/demo_story.xml"],
    "uninstall_hook": "uninstall_hook",
}
