"""A dressed skater as plain arrays: body, wardrobe, skates, landmarks. No bpy."""
