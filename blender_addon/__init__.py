"""A skater on a rink, rendered and annotated; also the Blender extension, whose panel loads only in `register()`."""
