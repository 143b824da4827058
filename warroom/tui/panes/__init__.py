"""The parts of the screen, each a view on the room."""
