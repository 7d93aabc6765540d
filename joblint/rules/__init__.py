"""Rules: loading, selecting and running them on the results of the reader, the API model and the predictor."""
