"""Completes core's Cross Industry Invoice so that the French rules accept it.

``complete`` takes the tree core has rendered (with whatever other addons put in
it) and the facts of ``facturx_document``; it replaces the sections core leaves
incomplete and keeps the others: product identifiers, periods, references of
public buyers, bank account.
"""

from datetime import date
from decimal import Decimal

from lxml import etree

from .facturx_document import (
    PROFILE,
    SCHEME_SIREN,
    SCHEME_SIRET,
    Document,
    Line,
    Party,
    TaxGroup,
)

RAM = (
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
)
RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
NS = {"ram": RAM, "rsm": RSM, "udt": UDT, "qdt": QDT}

# Order of the children of the settlement in the Factur-X 1.09 schema.
SETTLEMENT_ORDER = (
    "CreditorReferenceID",
    "PaymentReference",
    "TaxCurrencyCode",
    "InvoiceCurrencyCode",
    "PayeeTradeParty",
    "SpecifiedTradeSettlementPaymentMeans",
    "ApplicableTradeTax",
    "BillingSpecifiedPeriod",
    "SpecifiedTradeAllowanceCharge",
    "SpecifiedTradePaymentTerms",
    "SpecifiedTradeSettlementHeaderMonetarySummation",
    "InvoiceReferencedDocument",
    "ReceivableSpecifiedTradeAccountingAccount",
)


def complete(tree: etree._Element, document: Document) -> etree._Element:
    """Return the completed tree (a new root with all four namespaces).

    :param tree: root element rendered by core's template
    :param document: the facts
    """
    root = etree.Element(f"{{{RSM}}}CrossIndustryInvoice", nsmap=NS)
    root.extend(list(tree))
    _set_context(root, document)
    _set_header(root, document)
    _set_lines(root, document)
    _set_agreement(root, document)
    _set_delivery(root, document)
    _set_settlement(root, document)
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(NS))
    return root


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes):
    """Append ``ram:name``; an empty text adds nothing and returns None."""
    if text == "":
        return None
    prefix, _, local = name.rpartition(":")
    element = etree.SubElement(parent, f"{{{NS[prefix or 'ram']}}}{local}", attributes)
    element.text = text
    return element


def _add_date(parent, name: str, day: date, *, qualified: bool = False) -> None:
    holder = _add(parent, name)
    prefix = "qdt" if qualified else "udt"
    _add(holder, f"{prefix}:DateTimeString", f"{day:%Y%m%d}", format="102")


def _find(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path, NS)
    if found is None:
        raise ValueError(f"{path} is missing in the rendered invoice")
    return found


def _drop(parent: etree._Element, *names: str) -> None:
    for name in names:
        for child in parent.findall(f"ram:{name}", NS):
            parent.remove(child)


def _amount(value: Decimal) -> str:
    return f"{value + 0:.2f}"  # + 0 turns -0.00 into 0.00


def _number(value: Decimal, decimals: int) -> str:
    """Plain notation without superfluous zeros, at least two decimals.

    >>> _number(Decimal("3.500000"), 6)
    '3.50'
    """
    text = f"{value + 0:.{decimals}f}"
    head, _, tail = text.partition(".")
    return f"{head}.{tail.rstrip('0').ljust(2, '0')}"


def _set_context(root, document: Document) -> None:
    context = _find(root, "rsm:ExchangedDocumentContext")
    for child in list(context):
        context.remove(child)
    process = _add(context, "BusinessProcessSpecifiedDocumentContextParameter")
    _add(process, "ID", document.kind.process_code)
    _add(_add(context, "GuidelineSpecifiedDocumentContextParameter"), "ID", PROFILE)


def _set_header(root, document: Document) -> None:
    header = _find(root, "rsm:ExchangedDocument")
    for child in list(header):
        header.remove(child)
    _add(header, "ID", document.number)
    _add(header, "TypeCode", document.kind.type_code)
    _add_date(header, "IssueDateTime", document.issued_on)
    notes = [(document.free_note, None)]
    notes += [(text, subject) for subject, text in document.notes.items()]
    notes.append((document.kind.bar, "BAR"))
    for text, subject in notes:
        if text:
            note = _add(header, "IncludedNote")
            _add(note, "Content", text)
            _add(note, "SubjectCode", subject or "")


def _set_lines(root, document: Document) -> None:
    transaction = _find(root, "rsm:SupplyChainTradeTransaction")
    lines = {line.index: line for line in document.lines}
    number = 0
    for element in transaction.findall("ram:IncludedSupplyChainTradeLineItem", NS):
        line_id = _find(element, "ram:AssociatedDocumentLineDocument/ram:LineID")
        line = lines.get(int(line_id.text))
        if line is None:  # a deducted deposit: it goes to the prepaid amount
            transaction.remove(element)
            continue
        number += 1
        line_id.text = str(number)
        _set_line(element, line)


def _set_line(element, line: Line) -> None:
    product = _find(element, "ram:SpecifiedTradeProduct")
    _drop(product, "Name", "Description")
    _add(product, "Name", line.name)
    _add(product, "Description", line.description)
    agreement = _find(element, "ram:SpecifiedLineTradeAgreement")
    _drop(agreement, "GrossPriceProductTradePrice", "NetPriceProductTradePrice")
    if line.gross_price > line.net_price:
        gross = _add(agreement, "GrossPriceProductTradePrice")
        _add(gross, "ChargeAmount", _number(line.gross_price, 6))
        discount = _add(gross, "AppliedTradeAllowanceCharge")
        _add(_add(discount, "ChargeIndicator"), "udt:Indicator", "false")
        _add(discount, "ActualAmount", _number(line.gross_price - line.net_price, 6))
    net = _add(agreement, "NetPriceProductTradePrice")
    _add(net, "ChargeAmount", _number(line.net_price, 6))
    quantity = _find(element, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    quantity.text = _number(line.quantity, 4)
    settlement = _find(element, "ram:SpecifiedLineTradeSettlement")
    _drop(settlement, "ApplicableTradeTax")
    tax = etree.Element(f"{{{RAM}}}ApplicableTradeTax")
    settlement.insert(0, tax)
    _add(tax, "TypeCode", "VAT")
    _add(tax, "CategoryCode", line.category)
    if line.rate is not None:
        _add(tax, "RateApplicablePercent", f"{line.rate:.2f}")
    total = _find(
        settlement,
        "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
    )
    total.text = _amount(line.total)


def _set_agreement(root, document: Document) -> None:
    agreement = _find(root, ".//ram:ApplicableHeaderTradeAgreement")
    for name, party in (("Seller", document.seller), ("Buyer", document.buyer)):
        element = _find(agreement, f"ram:{name}TradeParty")
        _fill_party(element, party)
    order = agreement.find("ram:BuyerOrderReferencedDocument", NS)
    if order is not None and not document.order_number:
        agreement.remove(order)
    elif document.order_number:
        if order is None:
            order = etree.Element(f"{{{RAM}}}BuyerOrderReferencedDocument")
            _find(agreement, "ram:BuyerTradeParty").addnext(order)
        for child in list(order):
            order.remove(child)
        _add(order, "IssuerAssignedID", document.order_number)


def _fill_party(element, party: Party, *, place_only: bool = False) -> None:
    for child in list(element):
        element.remove(child)
    if not place_only:
        _add(element, "GlobalID", party.siret, schemeID=SCHEME_SIRET)
    _add(element, "Name", party.name)
    if not place_only:
        _add_identity(element, party)
    address = _add(element, "PostalTradeAddress")
    _add(address, "PostcodeCode", party.address.postcode)
    _add(address, "LineOne", party.address.line1)
    _add(address, "LineTwo", party.address.line2)
    _add(address, "CityName", party.address.city)
    _add(address, "CountryID", party.address.country)
    if place_only:
        return
    if party.endpoint:
        uri = _add(element, "URIUniversalCommunication")
        _add(uri, "URIID", party.endpoint, schemeID=party.endpoint_scheme)
    for number, scheme in ((party.vat, "VA"), (party.tax_number, "FC")):
        if number:
            registration = _add(element, "SpecifiedTaxRegistration")
            _add(registration, "ID", number, schemeID=scheme)


def _add_identity(element, party: Party) -> None:
    if party.siren or party.registration:
        legal = _add(element, "SpecifiedLegalOrganization")
        if party.siren:
            _add(legal, "ID", party.siren, schemeID=SCHEME_SIREN)
        else:
            _add(legal, "ID", party.registration)
    if not (party.contact or party.phone or party.email):
        return
    contact = _add(element, "DefinedTradeContact")
    _add(contact, "PersonName", party.contact)
    if party.phone:
        phone = _add(contact, "TelephoneUniversalCommunication")
        _add(phone, "CompleteNumber", party.phone)
    if party.email:
        mail = _add(contact, "EmailURIUniversalCommunication")
        _add(mail, "URIID", party.email)


def _set_delivery(root, document: Document) -> None:
    delivery = _find(root, ".//ram:ApplicableHeaderTradeDelivery")
    _drop(delivery, "ShipToTradeParty", "ActualDeliverySupplyChainEvent")
    kept = list(delivery)
    for child in kept:
        delivery.remove(child)
    if document.ship_to:
        element = _add(delivery, "ShipToTradeParty")
        _fill_party(element, document.ship_to, place_only=True)
    if document.delivered_on:
        event = _add(delivery, "ActualDeliverySupplyChainEvent")
        _add_date(event, "OccurrenceDateTime", document.delivered_on)
    delivery.extend(kept)


def _set_settlement(root, document: Document) -> None:
    settlement = _find(root, ".//ram:ApplicableHeaderTradeSettlement")
    has_line_period = root.find(
        ".//ram:SpecifiedLineTradeSettlement/ram:BillingSpecifiedPeriod", NS
    )
    if has_line_period is None:  # core writes invoice date to due date: no period
        _drop(settlement, "BillingSpecifiedPeriod")
    _drop(
        settlement,
        "TaxCurrencyCode",
        "ApplicableTradeTax",
        "SpecifiedTradePaymentTerms",
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "InvoiceReferencedDocument",
    )
    for means in settlement.findall("ram:SpecifiedTradeSettlementPaymentMeans", NS):
        _find(means, "ram:TypeCode").text = document.means_code
    if document.totals.tax_in_euro is not None:
        _add(settlement, "TaxCurrencyCode", "EUR")
    for tax in document.taxes:
        _add_tax(settlement, tax, document)
    _add_terms(settlement, document)
    _add_totals(settlement, document)
    for reference in document.references:
        element = _add(settlement, "InvoiceReferencedDocument")
        _add(element, "IssuerAssignedID", reference.number)
        if reference.issued_on:
            _add_date(
                element, "FormattedIssueDateTime", reference.issued_on, qualified=True
            )
    settlement[:] = sorted(settlement, key=_rank)


def _rank(element: etree._Element) -> int:
    name = etree.QName(element).localname
    return (
        SETTLEMENT_ORDER.index(name)
        if name in SETTLEMENT_ORDER
        else len(SETTLEMENT_ORDER)
    )


def _add_tax(settlement, tax: TaxGroup, document: Document) -> None:
    element = _add(settlement, "ApplicableTradeTax")
    _add(element, "CalculatedAmount", _amount(tax.amount))
    _add(element, "TypeCode", "VAT")
    _add(element, "ExemptionReason", tax.reason)
    _add(element, "BasisAmount", _amount(tax.base))
    _add(element, "CategoryCode", tax.category)
    _add(element, "ExemptionReasonCode", tax.reason_code)
    _add(element, "DueDateTypeCode", document.kind.tax_point_code)
    if tax.rate is not None:
        _add(element, "RateApplicablePercent", f"{tax.rate:.2f}")


def _add_terms(settlement, document: Document) -> None:
    if not (document.terms or document.due_on):
        return
    terms = _add(settlement, "SpecifiedTradePaymentTerms")
    _add(terms, "Description", document.terms)
    if document.due_on:
        _add_date(terms, "DueDateDateTime", document.due_on)


def _add_totals(settlement, document: Document) -> None:
    totals = document.totals
    element = _add(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    _add(element, "LineTotalAmount", _amount(totals.lines))
    allowances = _sum_document_level(settlement, "false")
    charges = _sum_document_level(settlement, "true")
    if charges:
        _add(element, "ChargeTotalAmount", _amount(charges))
    if allowances:
        _add(element, "AllowanceTotalAmount", _amount(allowances))
    basis = totals.lines + charges - allowances
    _add(element, "TaxBasisTotalAmount", _amount(basis))
    tax = _add(element, "TaxTotalAmount", _amount(totals.tax))
    tax.set("currencyID", document.currency)
    if totals.tax_in_euro is not None:
        euro = _add(element, "TaxTotalAmount", _amount(totals.tax_in_euro))
        euro.set("currencyID", "EUR")
    if totals.rounding:
        _add(element, "RoundingAmount", _amount(totals.rounding))
    _add(element, "GrandTotalAmount", _amount(totals.grand))
    _add(element, "TotalPrepaidAmount", _amount(totals.prepaid))
    _add(element, "DuePayableAmount", _amount(totals.payable))


def _sum_document_level(settlement, indicator: str) -> Decimal:
    """Document allowances (indicator false) or charges another addon has added."""
    return sum(
        (
            Decimal(_find(element, "ram:ActualAmount").text)
            for element in settlement.findall("ram:SpecifiedTradeAllowanceCharge", NS)
            if element.findtext("ram:ChargeIndicator/udt:Indicator", namespaces=NS)
            == indicator
        ),
        Decimal(0),
    )
