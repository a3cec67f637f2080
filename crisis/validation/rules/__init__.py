"""The arithmetic of validation, without Django: measures of a back-test, percentiles, differences, what turned out."""
