"""The functions of Helm's templates, by what they work on."""
