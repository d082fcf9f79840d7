"""The commands of ``kg``: each reads its arguments, calls, and prints."""
