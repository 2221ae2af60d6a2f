"""Files become values of the model; every mistake names file, line and what to do."""
