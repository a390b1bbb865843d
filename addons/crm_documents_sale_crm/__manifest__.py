{
    "name": "CRM Documents: Quotations of Deals",
    "summary": "Documents of a quote name its deal, those of a deal its last quote",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_documents_crm", "crm_documents_sale", "sale_crm"],
    "auto_install": True,
}
