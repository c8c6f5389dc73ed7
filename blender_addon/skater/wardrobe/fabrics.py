"""What cloth is made of, by name, and what tailors tell materials about its place on a garment. Plain data, no bpy."""

from __future__ import annotations

from collections.abc import Mapping

FABRICS: Mapping[str, str] = {
    "matt": "dull stretch jersey, as practice dresses and leggings are of",
    "nylon": "thin and sheer, as tights are: the skin shows through where one looks straight at it",
    "satin": "smooth and glossy, with soft folds of light",
    "velvet": "stretch velvet: dark where one looks straight at it, bright along its edges",
    "lace": "flowers and net in the first colour over a ground in the second",
    "illusion": "fine net in the first colour that lets the skin's own tone through",
    "sequins": "a ground in the first colour, all over with small mirrors in the second",
    "crystals": "jersey in the first colour with stones in the second, thick at the top and thinning out downwards",
    "gradient": "the first colour at the top that turns into the second at the hem",
    "panels": "the first colour, with the garment's panels in the second",
    "knit": "wool or fleece-lined acrylic in ribs, for gloves, hats and socks",
    "fleece": "soft, rough and without gloss, for jackets and warm-up trousers",
    "denim": "twill, the first colour with pale threads, worn along the seams",
    "shell": "thin woven nylon with a slight gloss and creases, for training jackets and trousers",
}

# Names of fields (`SkinnedMesh.fields`) that fabrics read; a garment that lacks one is made as if it had none of it.
GRADIENT = "gradient"  # 0 at the garment's top … 1 at its hem
PANEL = "panel"  # above 0.5 where the second colour's panels lie
SEAM = "seam"  # metres to the nearest seam or edge
