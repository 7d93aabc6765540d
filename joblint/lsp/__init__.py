"""The language server: findings, explanations and fixes in an editor; every answer comes from another package."""
