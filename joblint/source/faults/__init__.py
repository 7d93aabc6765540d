"""Why a text is not valid YAML, in words that help; knows the text and the reader's problem."""
