"""The checks behind the rules, a module a family."""
