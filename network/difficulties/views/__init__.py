"""Pages of the cases of firms in difficulty."""
