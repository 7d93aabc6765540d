"""Rules: loading, selecting and running them over what the reader, the API model and the predictor say."""
