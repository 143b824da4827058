"""What things are: ARNs, records, changes, errors. Pure data; imports nothing of ours."""
