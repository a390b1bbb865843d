from . import res_company_late
