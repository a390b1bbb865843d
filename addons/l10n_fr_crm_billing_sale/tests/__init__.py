from . import test_deposits
from . import test_quotes
from . import test_facturx_deposits
