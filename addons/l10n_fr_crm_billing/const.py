# Territories where the French invoicing rules and the French VAT (or its overseas
# rates) apply; Saint-Martin, Saint-Barthélemy, Saint-Pierre-et-Miquelon and the
# Pacific have taxes of their own.
FRENCH_COUNTRIES = ("FR", "GP", "MQ", "GF", "RE", "YT")
# Same VAT territory as mainland France for a buyer.
DOMESTIC_COUNTRIES = (*FRENCH_COUNTRIES, "MC")
