{
    "name": "CRM Billing: French Quotations",
    "summary": "The legal mentions of a French quotation, deposit and final invoice",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations",
    "author": "CRM Suite",
    "license": "AGPL-3",
    "depends": ["l10n_fr_crm_billing", "sale"],
    "data": [
        "views/sale_order_views.xml",
        "views/report_saleorder_templates.xml",
    ],
    "auto_install": True,
}
