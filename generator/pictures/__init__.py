"""From the pictures of an editor to those that are published.

In come files of pictures, as telephones and cameras leave them; out go what is known of each
(`looking`), the bytes of it as they are `wanted`, in other widths and formats (`variants`), and of
the file itself without what nobody meant to publish (`cleaning`). `kept` is a store for what takes
long to make, `publishing` makes with it what a site needs. `cards` draws the pictures of pages that
have none. Nothing here knows of pages or of a site: a mistake is told of the file that the caller
names.
"""
