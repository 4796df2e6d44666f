"""Corrections: anyone proposes, an editor decides; that stands until the page says otherwise."""
