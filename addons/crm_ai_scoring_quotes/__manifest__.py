{
    "name": "CRM AI: Score and Quotes",
    "summary": "A quotation the client opens counts in the score of its deal",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_ai_scoring", "crm_quotes"],
    "auto_install": True,
}
