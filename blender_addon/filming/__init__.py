"""How cameras film people: where they stand, how they turn, what their lenses see. Arrays alone, no bpy."""
