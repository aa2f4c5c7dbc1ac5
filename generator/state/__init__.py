"""All that is kept between builds, below `.broadsheet/`; it may be deleted at any time.

In come values under the digests of what they were made from, and out they come again for as long
as those are the same, `code_version` among them. What is damaged is noticed, by `seal`, and made
anew: nothing here can make a page wrong.

`cache` holds converted texts, `files` and `stamps` what is known of files by their look, `outputs`
and `builds` what was written into which folder, `blobs` single large values.
"""
