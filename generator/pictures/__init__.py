"""Pictures of a site, made anew: what comes in are files, bytes and texts, what goes out is bytes.

Nothing here knows a page, a layout or a site.
"""
