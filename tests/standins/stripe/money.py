"""Currencies as Stripe counts them (docs.stripe.com/currencies, read 2026-09)."""

ZERO_DECIMAL = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()
)
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
TWO_DECIMAL = frozenset(
    "aed ars aud bgn brl cad chf cop czk dkk egp eur gbp hkd huf idr ils inr isk "
    "mad mxn myr nok nzd pen php pln ron rsd sar sek sgd thb try twd uah ugx usd "
    "uyu zar".split()
)
KNOWN = ZERO_DECIMAL | THREE_DECIMAL | TWO_DECIMAL

# docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
MINIMUM = {
    "aed": 200,
    "aud": 50,
    "brl": 50,
    "cad": 50,
    "chf": 50,
    "czk": 1500,
    "dkk": 250,
    "eur": 50,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "inr": 50,
    "jpy": 50,
    "mxn": 1000,
    "nok": 300,
    "nzd": 50,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "sgd": 50,
    "usd": 50,
}
MAXIMUM = 99_999_999
SIGN = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}


def decimals(currency):
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def french(amount_minor, currency):
    """``360000, "eur"`` gives ``3 600,00 EUR`` with thin spaces, French style."""
    places = decimals(currency)
    text = f"{amount_minor / 10**places:,.{places}f}"
    text = text.replace(",", "\u202f").replace(".", ",")
    return f"{text}\u00a0{SIGN.get(currency, currency.upper())}"


def english(amount_minor, currency):
    places = decimals(currency)
    amount = f"{amount_minor / 10**places:.{places}f}"
    return f"{SIGN.get(currency, '')}{amount} {currency}"
