"""What stands in the Blender scene: avatar, rink, light, cameras. The only rooms, with render/, that touch bpy."""
