"""An already built folder → a host. Nothing here builds, or knows how anything was built."""
