"""The language server: findings, explanations and fixes in an editor; every result comes from another package."""
