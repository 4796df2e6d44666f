"""Published offers as Open Referral HSDS 3.1 documents: pure functions, no I/O.

Unknown values are left out, never null or empty; every id is a UUID. What HSDS has no field for
stands in the extensions that `docs/hsds.md` describes.
"""
