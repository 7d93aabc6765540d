"""Container images, resources and security of a Pod, and its access to the node."""
