"""The Job controller and the TTL controller: one sync after another over a played cluster."""
