"""From a body in Markdown to HTML, by one of two engines, and to warnings of what it would lose.

In comes a body as it was typed, out goes HTML that has the same shape whichever engine made it.
`engine` chooses between `python_markdown`, made quick by `fast`, and `commonmark`; `fences`,
`labels`, `attributes`, `definitions` and `tags` hold what both read alike, `inline` and
`bare_addresses` what neither knows, or not as the other does; `lint` tells what readers would miss.
"""
