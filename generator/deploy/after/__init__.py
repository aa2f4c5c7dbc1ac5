"""After a deploy: new stories are announced (`ping`), and what readers get is looked at (`verify`).

What comes in is what was sent; what goes out are messages to other machines, and a `Problem` for
each that does not answer as it should.
"""
