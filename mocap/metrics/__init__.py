"""How faithful a retargeted track is to its recording: figures in the field's own terms, each with its unit."""
