from . import test_incoming
from . import test_outgoing
from . import test_buttons
from . import test_rights
from . import test_check
from . import test_maintenance
from . import test_queries
from . import test_wake
