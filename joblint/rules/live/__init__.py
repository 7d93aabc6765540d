"""What a look at a cluster says of its objects; knows live states, no files."""
