{
    "name": "CRM Integrations",
    "summary": "Connections to outside services and a safe log of every message",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_base", "queue_job"],
    "data": [
        "security/crm_integrations_security.xml",
        "security/ir.model.access.csv",
        "data/queue_job_data.xml",
        "data/ir_cron_data.xml",
        "data/mail_activity_type_data.xml",
        "wizards/crm_exchange_body_views.xml",
        "views/crm_exchange_views.xml",
        "views/crm_connection_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_integrations_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["crm_integrations/static/src/live/**/*"],
    },
}
