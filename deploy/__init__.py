"""What runs the portal outside a developer's hands: preparing its database, containers, the proxy."""
