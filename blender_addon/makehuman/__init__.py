"""MakeHuman data as MPFB2 ships it: found, fetched, read with numpy alone. No bpy."""
