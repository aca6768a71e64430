"""Views taken away as CSV and XLSX."""
