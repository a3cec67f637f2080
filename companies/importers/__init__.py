"""Files of the registry: companies with their headquarters, and their yearly figures."""

from companies.importers.companies import COMPANIES
from companies.importers.figures import COMPANY_FIGURES, COMPANY_FIGURES_WIDE

__all__ = ["COMPANIES", "COMPANY_FIGURES", "COMPANY_FIGURES_WIDE"]
