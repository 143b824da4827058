"""The war room: a client-side world, the panes that show it, and the actions that steer it."""

import os

os.environ.setdefault("TEXTUAL_FPS", "250")  # A key is echoed within 4 ms, not 17; news have a frame rate of their own.
