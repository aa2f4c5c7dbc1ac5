"""From the files below `content/` to texts and copied files, each a frozen value.

In come the folder, the settings and the cache; out goes a `Library`: of each text its typed front
matter and the digest of its body, of each other file its digest, and with them every problem that
was found. A text that the cache knows is not opened. Nothing here knows of the site as a whole:
what one text says of another is for `site`.

`sources` and `scan` find the files; `front_matter` and `matter` take a text apart; `markdown`,
`html`, `typography` and `prose` make HTML of its body; `articles` puts all of it together. `data`
is what layouts are given besides.
"""
