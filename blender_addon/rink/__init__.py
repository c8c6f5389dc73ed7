"""The rink and what stands around it, as plain geometry: numpy alone."""
