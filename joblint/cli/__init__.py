"""The commands: parse arguments, call one function, pick a reporter."""
