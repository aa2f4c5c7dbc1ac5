"""A site kept open: arranged and planned in memory, kept up with each edit, rendered on demand.

In come the names of files that were saved, and paths of URLs. Out come responses, and what is
wrong. `site` is the session, `state` tells its states; `source` is how the preview sees it,
`follower` has it take over each save, `terminal` tells the person. One thread owns a session.
"""
