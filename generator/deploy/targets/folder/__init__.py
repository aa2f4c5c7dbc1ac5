"""A folder on this machine: one release stands beside the other, and a link is swapped."""
