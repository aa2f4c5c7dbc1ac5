"""Object stores, which keep files and headers and can do no more.

What comes in is `to = "s3://…"`, `"gs://…"` or `"az://…"` and files; what goes out are objects with
their headers. Who may deploy at a time is settled by small objects too (`lock`).
"""
