from . import test_request
from . import test_seal
from . import test_check_page
from . import test_faults
from . import test_evidence
from . import test_access
from . import test_schedule
from . import test_concurrency
