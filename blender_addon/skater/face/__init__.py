"""What a face has besides skin: eyes, lashes, brows, teeth and tongue. Numpy alone."""
