"""Pod Security Admission: what the built-in admission plugin says of a Pod template; knows no positions, rules or output."""
