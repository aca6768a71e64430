"""Tables that somebody uploads, CSV or XLSX, read within limits. Pure."""
