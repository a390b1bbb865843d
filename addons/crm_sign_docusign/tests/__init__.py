from . import test_access
from . import test_connect
from . import test_connection
from . import test_faults
from . import test_following
from . import test_queries
from . import test_sending
