from . import test_request
from . import test_seal
from . import test_check_page
