"""What an apply of one set of files over another does; does not know any output format."""
