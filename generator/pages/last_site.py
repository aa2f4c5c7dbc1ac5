"""The site of the last build as it is kept for the next one, and what is new since.

What comes in is a site that was built, its pages and what each looked up in it. What goes out, at
the next build, are the texts that are new; the site again, if only words are; and the pages that
would come out as they did. Of a large site only what is asked for is put together.
"""
