"""Pod Security Admission: what the built-in admission plugin reports about a Pod template; knows no positions, rules or
output."""
