from . import test_treasury
from . import test_collection_file
from . import test_orders
