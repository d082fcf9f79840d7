"""What is asked of an output: queries, pictures, sources of a node, who is who and why."""
