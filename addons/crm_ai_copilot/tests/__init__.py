from . import test_analysis
from . import test_drafts
from . import test_follow_up
from . import test_next_action
from . import test_queries
from . import test_reading
from . import test_rights
from . import test_visit
