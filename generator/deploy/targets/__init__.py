"""Where a site is carried to: a package for each kind of host.

What comes in is a table `[deploy.NAME]` of the settings (`choose`); what goes out is a `Target`
(`target`), which is asked for what it holds, and given files to hold. Whatever goes wrong at a host
is a `DeployError`; what its programs say is put into words by the `messages` of each kind.
"""
