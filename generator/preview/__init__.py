"""A server for the page being looked at, a watcher of files, and reload in the browser.

It knows no kind of page: it is given a function from URL to answer, and told when something
has changed.
"""
