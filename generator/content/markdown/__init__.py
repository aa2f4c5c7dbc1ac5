"""From a body in Markdown to HTML, by one of two engines, and to warnings of what it would lose.

In comes a body as it was typed, out goes HTML that has the same shape whichever engine made it.
`engine` chooses between `python_markdown`, made quick by `fast`, and `commonmark`; `fences`,
`labels`, `attributes`, `definitions` and `tags` hold what both read alike; `within` and `below`
have both read what neither does by itself, `inline` and `bare_addresses` what neither knows, or not
as the other does. `lists` are those of CommonMark for the first engine, found by `lines`. `lint`
tells what readers would miss.
"""
