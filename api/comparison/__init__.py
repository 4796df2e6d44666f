"""The comparison for coordinators: pages, files, pictures, reports."""
