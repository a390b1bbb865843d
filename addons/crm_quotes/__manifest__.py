{
    "name": "CRM Quotes",
    "summary": "Versions of a quotation kept for good, compared, read by the client",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_base", "portal", "sale", "sale_crm"],
    "data": [
        "security/crm_quotes_security.xml",
        "security/ir.model.access.csv",
        "views/comparison_templates.xml",
        "report/comparison_report.xml",
        "views/crm_quote_version_views.xml",
        "views/crm_quote_event_views.xml",
        "views/sale_order_views.xml",
        "views/portal_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_quotes/static/src/comparison/*",
        ],
        "web.assets_frontend": [
            "crm_quotes/static/src/comparison/comparison.scss",
            "crm_quotes/static/src/opening/*",
        ],
        "web.report_assets_common": [
            "crm_quotes/static/src/comparison/comparison.scss",
        ],
    },
}
