"""Pod Security Admission: what the built-in admission plugin says of a Pod template; does not know any positions, rules or
output."""
