"""The shipped reference and demo tables, read as they are on disk."""
