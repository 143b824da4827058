"""An outage that unfolds by itself, over throw-away data: what happens (`scenario`) and who plays it (`player`)."""
