"""A folder on a server, by rsync over one ssh connection.

What comes in is `to = "user@host:/path"` and files; what goes out are files there, which `rsync`
carries, and what the server's `shell` does beside it, over one `connection`.
"""
