"""A folder on a server, by rsync over one ssh connection."""
