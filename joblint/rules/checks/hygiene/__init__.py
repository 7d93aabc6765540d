"""What a Pod says of its container images, resources and security, and what it may do to its node."""
