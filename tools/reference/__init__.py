"""Parts of the builder of the shipped reference data: one module a family of files."""
