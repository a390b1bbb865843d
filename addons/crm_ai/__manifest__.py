{
    "name": "CRM AI",
    "summary": "Language models behind one door: your own, a vendor's, or none",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["bus", "crm_base", "crm_integrations", "mail", "queue_job", "web"],
    "external_dependencies": {
        "python": [
            "anthropic",
            "httpcore2",
            "httpx2",
            "openai",
            "pydantic",
            "xlsxwriter",
        ]
    },
    "data": [
        "security/crm_ai_security.xml",
        "security/ir.model.access.csv",
        "data/queue_job_data.xml",
        "data/ir_cron_data.xml",
        "wizards/crm_ai_call_texts_views.xml",
        "wizards/crm_ai_prompt_preview_views.xml",
        "wizards/crm_ai_register_export_views.xml",
        "views/crm_ai_feature_views.xml",
        "views/crm_ai_prompt_views.xml",
        "views/crm_ai_call_views.xml",
        "views/crm_ai_report_views.xml",
        "views/crm_ai_budget_views.xml",
        "views/crm_connection_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_ai_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_ai/static/src/calls/**/*",
            "crm_ai/static/src/answer/**/*",
        ],
        "web.assets_unit_tests": ["crm_ai/static/tests/*.test.js"],
    },
    "uninstall_hook": "uninstall_hook",
}
