"""What an apply of one set of files over another does; knows nothing about output formats."""
