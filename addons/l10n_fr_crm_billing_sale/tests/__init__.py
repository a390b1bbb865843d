from . import test_deposits
from . import test_quotes
