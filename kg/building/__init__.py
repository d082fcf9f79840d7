"""A build's own steps: who is who and derived edges, the store filled, the files written."""
