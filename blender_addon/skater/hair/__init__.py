"""Hair as skaters wear it. Numpy alone."""
