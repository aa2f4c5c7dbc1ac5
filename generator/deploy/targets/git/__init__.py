"""A branch of a git repository, such as GitHub and GitLab publish."""
