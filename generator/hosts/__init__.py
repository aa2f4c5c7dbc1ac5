"""What is known of hosts of static sites: how much they take, and what they say of files.

In come an inventory or the address of a file, out go warnings of what a host would refuse
(`limits`) and the headers and media types that it is to send (`headers`). Nothing here asks a
host anything.
"""
