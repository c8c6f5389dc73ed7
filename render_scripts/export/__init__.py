"""One file per format that a data set can be turned into."""
