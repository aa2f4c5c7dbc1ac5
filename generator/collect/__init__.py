"""What is elsewhere, looked up once for an editor: no build asks another host.

In comes an address that somebody typed; out goes what is said there of itself, for a text. `fetch`
is the one place that asks: of nobody in one's own network, and never for more than it may.
"""
