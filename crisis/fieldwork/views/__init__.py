"""Pages of field surveys."""
