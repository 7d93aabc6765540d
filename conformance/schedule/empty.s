// Without a file of assembly, Go wants a body for each function.
