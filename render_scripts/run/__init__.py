"""Where clips run: processes of this machine."""
