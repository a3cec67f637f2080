"""Pages of special support areas."""
