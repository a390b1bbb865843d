{
    "name": "CRM Suite",
    "summary": "The whole suite for a French service firm, in French and in euros",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "application": True,
    "depends": [
        "calendar",
        "contacts",
        "l10n_fr_account",
        "project",
        "sale_crm",
        "sale_management",
    ],
    "post_init_hook": "post_init_hook",
}
