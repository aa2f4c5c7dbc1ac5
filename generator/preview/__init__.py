"""Live preview: a server for the page being looked at, a watcher of files, reload in the browser.

In come requests of browsers and changes of files; out go pages, and to open tabs what of theirs has
changed. It knows no kind of page: it is given a source that responds to URLs (`tabs.Source`), and
told when something has changed. The source is a session, a site kept open (`session/`): that alone
knows of Broadsheet's sites, and nothing beside it here imports it.
"""
