"""A folder on this machine: one release stands beside the other, and a link is swapped.

What comes in is `to = "file:///…"` and files; what goes out are `releases` beside the folder.
"""
