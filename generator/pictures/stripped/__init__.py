"""Files of pictures without metadata, pixel for pixel as they were.

In come the bytes of a JPEG, PNG, WebP or GIF and what is to be said of its maker; out go bytes that
hold what is known to be of the picture, and nothing else: what nobody knows here is left out. A
file that does not hold together is a `BrokenPictureError`. A module for each format.
"""
