"""From bytes to files in the output folder, all of them at once or none.

In come the bytes of each output, out goes a folder that holds them: each is staged beside its
place, a file with the same bytes is left alone, only what Broadsheet wrote is ever deleted, and a
build that fails leaves the old site as it stood. `inventory` is what the folder tells of itself.
"""
