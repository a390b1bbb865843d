from . import test_late_rates
from . import test_facturx
from . import test_mentions_printed
from . import test_facturx_pdf
from . import test_fec_export
from . import test_register
from . import test_numbering
from . import test_due_dates
