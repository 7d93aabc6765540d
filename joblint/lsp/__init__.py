"""The language server: findings, explanations and fixes in an editor; every answer is another package's."""
