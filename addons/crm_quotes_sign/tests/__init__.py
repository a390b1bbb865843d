from . import test_quote_signature
from . import test_quote_signature_portal
from . import test_quote_signature_rights
