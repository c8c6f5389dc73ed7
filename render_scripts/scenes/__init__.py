"""What surrounds the skaters where a job leaves it open: rinks, light and cameras, as tables and draws. No bpy."""
