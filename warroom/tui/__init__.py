"""The war room: a client-side world, the panes that show it, and the actions that steer it."""
