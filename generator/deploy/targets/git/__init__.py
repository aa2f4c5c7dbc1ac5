"""A branch of a git repository, such as GitHub and GitLab publish.

What comes in is `to = "git+ssh://…#branch"` and files; what goes out is one commit, pushed by the
system's `git` (`program`) from a private repository (`repository`).
"""
