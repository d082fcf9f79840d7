"""The rules that are written in Python: what no shape and no query can say."""
