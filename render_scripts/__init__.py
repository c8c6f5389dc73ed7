"""Jobs and data sets: plan, workers, shards, exports, the command line."""
