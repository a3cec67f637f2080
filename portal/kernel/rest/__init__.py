"""What every REST endpoint is built from: rows, filters, pages, descriptions, and the viewset that joins them."""
