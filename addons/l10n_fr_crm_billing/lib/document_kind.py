"""What a sale document is for a French e-invoice: type, process code, buyer.

The codes are those of EN 16931 (BT-3, UNTDID 1001) and of the French rules
XP Z12-012 (BT-23, "cadre de facturation").
"""

from dataclasses import dataclass

OPERATION_LETTERS = {"goods": "B", "services": "S", "mixed": "M"}

# BT-8, when the VAT falls due: on the invoice date (debits option), on delivery
# (goods only), on payment (services).
TAX_POINT_INVOICE = "5"
TAX_POINT_DELIVERY = "29"
TAX_POINT_PAYMENT = "72"

# (credit note, deposit) -> BT-3
TYPE_CODES = {
    (False, False): "380",
    (False, True): "386",
    (True, False): "381",
    (True, True): "503",
}


@dataclass(frozen=True)
class DocumentKind:
    """The facts that choose codes, notes and mentions of one document."""

    operation: str  # goods, services, mixed
    buyer: str  # b2b (French business), b2bint (business abroad), b2c
    is_credit_note: bool = False
    is_deposit: bool = False
    is_final: bool = False  # final invoice after a deposit
    is_paid: bool = False  # nothing left to pay, no credit note involved
    vat_on_debits: bool = False

    @property
    def type_code(self) -> str:
        """BT-3."""
        return TYPE_CODES[self.is_credit_note, self.is_deposit]

    @property
    def process_code(self) -> str:
        """BT-23: letter of the operation, 4 after a deposit, 2 when paid."""
        if self.is_final:
            digit = "4"
        elif self.is_paid and not self.is_credit_note:
            digit = "2"
        else:
            digit = "1"
        return OPERATION_LETTERS[self.operation] + digit

    @property
    def tax_point_code(self) -> str:
        """BT-8."""
        if self.vat_on_debits:
            return TAX_POINT_INVOICE
        if self.operation == "goods" and not self.is_deposit:
            return TAX_POINT_DELIVERY
        return TAX_POINT_PAYMENT

    @property
    def bar(self) -> str:
        """Content of the note BAR: how the platforms treat the document."""
        return self.buyer.upper()


def merge_operations(operations: set[str], default: str) -> str:
    """The operation of a document out of those of its lines.

    >>> merge_operations({"goods", "services"}, "services")
    'mixed'
    """
    if not operations:
        return default
    return operations.pop() if len(operations) == 1 else "mixed"
