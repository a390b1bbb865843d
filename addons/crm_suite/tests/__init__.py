from . import test_french_database
from . import test_journey_billing
