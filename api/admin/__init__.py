"""The admin part: what people decide. Off, and not even visible, where no token is set.

A resource is one module that offers a `SECTION`; `sections.py` lists them.
"""
