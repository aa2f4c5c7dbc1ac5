"""From texts to a site: which are public, where each stands, what leads where.

In come the texts that were read, the settings and a moment; out goes a frozen `Site`, with its
stories in order, its tags, authors, months and addresses, and every problem of texts that do not
fit together. No file is opened here, and nothing is rendered.

`assemble` makes the site, `permalinks`, `taxonomies` and `collation` its addresses and orders;
`consistency`, `links` and `anchors` find what does not fit; `schedule` tells for how long it stands
as it is; `watch` notes which facts of it somebody looks up.
"""
