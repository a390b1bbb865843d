{
    "name": "CRM AI: Copilot and Quotes",
    "summary": "A quotation the client opened raises the next action of its deal",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_ai_copilot", "crm_quotes"],
    "auto_install": True,
}
