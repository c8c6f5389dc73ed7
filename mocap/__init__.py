"""Recordings of human motion: readers, the one in-memory form (`Motion`), skating, retargeting. Never imports bpy."""
