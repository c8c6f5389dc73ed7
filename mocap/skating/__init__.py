"""What makes a recording one of skating: blades on the ice, glides, flights, jumps and spins. No bpy."""
