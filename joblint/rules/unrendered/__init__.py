"""Templates judged without rendering them: what holds whatever their actions print."""
