from . import test_assets
from . import test_engine
from . import test_hostile
from . import test_js
from . import test_layout
from . import test_records
from . import test_spare_engine
from . import test_state
