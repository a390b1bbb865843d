{
    "name": "CRM Signature: Yousign",
    "summary": "Signature requests signed at Yousign, the proof kept here",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_sign", "phone_validation"],
    "external_dependencies": {"python": ["requests"]},
    "data": [
        "data/ir_cron_data.xml",
        "views/crm_connection_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
