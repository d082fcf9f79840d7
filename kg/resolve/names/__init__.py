"""Names read: what of a name identifies, in Chinese and in Latin letters, slot by slot."""
