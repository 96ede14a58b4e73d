"""From a sentence to a scene graph."""
