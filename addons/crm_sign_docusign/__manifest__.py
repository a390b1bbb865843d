{
    "name": "CRM Signature DocuSign",
    "summary": "Signature requests sent through a DocuSign account",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_sign", "phone_validation"],
    "external_dependencies": {"python": ["cryptography", "requests"]},
    "data": [
        "data/ir_cron_data.xml",
        "views/crm_connection_views.xml",
        "views/consent_templates.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
