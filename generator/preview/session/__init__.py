"""A site kept open: arranged and planned in memory, kept up with each edit, printed on demand."""
