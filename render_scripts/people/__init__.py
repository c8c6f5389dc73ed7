"""Who is drawn where a job leaves it open: bodies, faces, looks and clothes of people one meets at a rink. No bpy.

Everything is drawn from streams of its own: a person's hair from "skater/0/hair", whatever else of them is fixed.
"""
