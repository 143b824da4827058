"""What is decided without looking anything up: pure functions of their arguments."""
