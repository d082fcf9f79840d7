"""Ways to reach a person and where they live: found in any text, so that no output holds them."""
