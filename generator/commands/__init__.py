"""What the commands do: a module for each that is more than a call.

In come what a person typed, parsed by `cli`, and the folder of a site. Out go reports as values;
what is wrong is raised, for `console` to tell. `build` tells a build from top to bottom.
"""
