"""Files of the registry: companies with their headquarters, their yearly figures, their operating states."""

from companies.importers.companies import COMPANIES
from companies.importers.figures import COMPANY_FIGURES, COMPANY_FIGURES_WIDE
from companies.importers.states import COMPANY_STATES

__all__ = ["COMPANIES", "COMPANY_FIGURES", "COMPANY_FIGURES_WIDE", "COMPANY_STATES"]
