"""One vocabulary of labels and the maths that fills it: keypoint sets, projection, visibility. No bpy."""
