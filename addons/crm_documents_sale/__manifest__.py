{
    "name": "CRM Documents: Quotations",
    "summary": "Proposals and contracts with the lines and totals of a quote",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_documents", "sale"],
    "data": [
        "data/proposal_template.xml",
        "data/contract_template.xml",
        "data/amendment_template.xml",
        "views/sale_order_views.xml",
    ],
    "auto_install": True,
}
