"""Object stores, which keep files and headers and can do no more."""
