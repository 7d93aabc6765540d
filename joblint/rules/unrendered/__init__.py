"""Templates checked without rendering them: what is true whatever their actions print."""
