"""What people and their clothes look like: procedural materials that Cycles and EEVEE render alike."""
