"""One render per frame, with every label in it."""
