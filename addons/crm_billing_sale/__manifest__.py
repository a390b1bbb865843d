{
    "name": "CRM Billing: Quotations",
    "summary": "A paid deal settles the invoices and orders of its quotations",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_billing", "sale_crm"],
    "data": ["views/crm_lead_views.xml"],
    "auto_install": True,
}
