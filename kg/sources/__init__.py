"""Files in, raw trees out: told apart by their bytes, with the line of everything in them."""
