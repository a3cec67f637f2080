"""Pages of the catalogue, the feeds and the suspect values."""
