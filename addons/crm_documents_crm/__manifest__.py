{
    "name": "CRM Documents: Deals",
    "summary": "Documents made from a deal, with its amount, dates and client",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm", "crm_documents"],
    "data": ["views/crm_lead_views.xml"],
    "auto_install": True,
}
