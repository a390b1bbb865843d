from . import ir_actions_report
from . import ir_actions_report_assets
from . import ir_actions_report_images
from . import ir_http
