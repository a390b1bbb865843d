{
    "name": "CRM AI: Copilot",
    "summary": "Drafts, the next best action, an analysis of the pipeline",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    # sale_crm: a draft cites quotations, an action makes them.
    "depends": ["crm_ai", "crm_sms", "sale_crm"],
    "data": [],
}
