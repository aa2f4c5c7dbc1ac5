"""Frame the preview's own pages: in come a title and HTML that no layout of the site makes."""

from string import Template

from generator.markup import text

_PAGE = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 42rem; padding: 0 1rem }
article { border-top: 1px solid; margin-top: 1.5rem }
time { opacity: .8 }
</style>
</head>
<body>
<main>
<h1>$title</h1>
$main</main>
</body>
</html>
""")


def page(title: str, main: str, language: str = "en") -> bytes:
    """Return a page with a title, which is its heading too. `main` is HTML, in whole lines."""
    return _PAGE.substitute(title=text(title), main=main, language=text(language)).encode()
