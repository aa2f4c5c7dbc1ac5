"""From a view to the text of a page, by the layouts of the site.

In come the folders of layouts and what a page shows, its view and the values of `site`; out goes
text, or the `Problem` that says which line of which layout is at fault. Nothing here knows what
pages there are: that is for `pages`.

`folders` and `loader` find and understand the layouts, `labels` and `assets` what goes with them;
`views`, `site_values` and `data_values` are all that a layout may see, `data_reads` says what of
data one looks at; `questions` are what it may ask for besides, by way of an `exchange`;
`environment` renders, with what `compiler` makes of a layout and `bytecode` keeps; `metadata` and
`dates` are what layouts call, and beside them what `extensions` finds and `functions` makes of a
site's own code.
"""
