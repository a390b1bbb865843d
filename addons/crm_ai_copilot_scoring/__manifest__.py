{
    "name": "CRM AI: Copilot and Score",
    "summary": "The score of a deal ranks its next actions and says when it moves",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_ai_copilot", "crm_ai_scoring"],
    "auto_install": True,
}
