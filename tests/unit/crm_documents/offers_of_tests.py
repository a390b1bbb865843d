"""A small catalogue and its values, as a quote would offer them."""

from decimal import Decimal

from odoo.addons.crm_documents.lib.checks import read_template
from odoo.addons.crm_documents.lib.html_render import render
from odoo.addons.crm_documents.lib.offers import GROUP, LIST, Offer, find
from odoo.addons.crm_documents.lib.values import Value

OFFERS = (
    Offer(
        "client",
        "Client",
        GROUP,
        children=(
            Offer("nom", "Nom du client"),
            Offer("siret", "SIRET du client"),
            Offer("complement", "Complément d'adresse", is_optional=True),
        ),
    ),
    Offer(
        "devis",
        "Devis",
        GROUP,
        children=(
            Offer("total_ht", "Total hors taxes", "money"),
            Offer("conditions", "Conditions", "html"),
            Offer(
                "lignes",
                "Lignes du devis",
                LIST,
                children=(
                    Offer("designation", "Désignation"),
                    Offer("quantite", "Quantité", "number"),
                ),
            ),
        ),
    ),
    Offer(
        "entreprise", "Entreprise", GROUP, children=(Offer("logo", "Logo", "image"),)
    ),
)


def line(name, quantity):
    return {
        "designation": Value(name),
        "quantite": Value(str(quantity), Decimal(quantity), "number"),
    }


VALUES = {
    "client": {
        "nom": Value("TechCorp & fils"),
        "siret": Value(""),
        "complement": Value(),
    },
    "devis": {
        "total_ht": Value("25 000,00 €", Decimal(25000), "money"),
        "conditions": Value("<p>Paiement à <b>30 jours</b></p>", kind="html"),
        "lignes": (line("Cadrage", 4), line("Formation", 2)),
    },
    "entreprise": {"logo": Value(kind="image")},
}


def describe(path):
    offer = find({o.code: o for o in OFFERS}, path, through_lists=True)
    return (offer.label, offer.is_optional) if offer else (".".join(path), False)


def fill(source, options=None, values=None):
    """Check and fill an HTML template."""
    return render(
        read_template(source, OFFERS),
        values or VALUES,
        describe=describe,
        mark=lambda label: f"[À compléter : {label}]",
        options=options,
    )
