"""Pod Security Admission: what the built-in admission plugin reports about a Pod template; knows nothing about positions,
rules or output.
"""
