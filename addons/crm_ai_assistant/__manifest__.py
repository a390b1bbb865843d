{
    "name": "CRM Assistant",
    "summary": "Questions about your own sales, answered with figures and links",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["calendar", "crm", "crm_ai", "crm_base", "mail", "web"],
    "external_dependencies": {"python": ["pydantic"]},
    "data": [
        "security/crm_ai_assistant_security.xml",
        "security/ir.model.access.csv",
        "data/res_partner_data.xml",
        "data/crm_ai_feature_data.xml",
        "data/crm_ai_prompt_data.xml",
        "data/ir_cron_data.xml",
        "views/crm_ai_assistant_proposal_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_ai_assistant/static/src/panel/**/*"],
        "web.assets_unit_tests": ["crm_ai_assistant/static/tests/*.test.js"],
    },
    "uninstall_hook": "uninstall_hook",
}
