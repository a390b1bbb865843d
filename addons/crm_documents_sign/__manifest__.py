{
    "name": "CRM Documents: Signature",
    "summary": "A generated document goes out for signature by one button",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_documents", "crm_sign"],
    "data": ["views/crm_document_views.xml"],
    "auto_install": True,
}
