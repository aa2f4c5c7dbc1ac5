"""The data of a site: `content/_data/*.{csv,json,toml,yaml,yml}`, for layouts to show.

In come the files of that folder; out go plain values by name, encoded, and what is wrong with the
files. Nothing of them is published.

`folder` finds and names them, `files` reads them: with `rows` those of spreadsheets, with `values`
all others.
"""
