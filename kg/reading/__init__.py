"""From files to statements: raw trees to records, records to N-Quads, each value counted."""
