"""The sidebar's tab, read from top to bottom, a module per step."""
