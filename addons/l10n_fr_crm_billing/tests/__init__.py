from . import test_late_rates
from . import test_facturx
