"""What war room and backend say to each other: the frames, the token, and the client that resumes."""
