{
    "name": "CRM Quotes: Signature",
    "summary": "A quotation is signed in the version that was read, then confirmed",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_quotes", "crm_sign"],
    "data": [
        "security/crm_quotes_sign_security.xml",
        "security/ir.model.access.csv",
        "report/report_saleorder_templates.xml",
        "wizards/crm_quote_sign_views.xml",
        "views/res_config_settings_views.xml",
        "views/sale_order_views.xml",
        "views/portal_templates.xml",
    ],
    "auto_install": True,
}
