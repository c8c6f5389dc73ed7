"""What skaters wear, cut and sewn around a shaped body. Numpy alone."""
