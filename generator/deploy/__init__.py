"""A built folder → a host. Nothing here builds, or knows how anything was built.

What comes in is the inventory that a build leaves, with its files (`uploads`), and the settings of
a target; what goes out is a changed host, and a `Plan` that tells of it (`plan`, which reads and
writes nothing; `carry` does it). A `DeployError` says why a deploy stops.
"""
