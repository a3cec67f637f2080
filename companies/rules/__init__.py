"""What can be said of a company from its numbers and names alone. No Django, no database."""

from companies.rules.names import alike, bigrams, compact, initials_of, name_key, typed_initials
from companies.rules.numbers import (
    business_number,
    business_number_checks,
    corporate_number,
    corporate_number_checks,
    written_business_number,
    written_corporate_number,
)

__all__ = [
    "alike",
    "bigrams",
    "business_number",
    "business_number_checks",
    "compact",
    "corporate_number",
    "corporate_number_checks",
    "initials_of",
    "name_key",
    "typed_initials",
    "written_business_number",
    "written_corporate_number",
]
