"""What printed words amount to, whatever the registry: lists, parties, places, the WHO's forms."""
