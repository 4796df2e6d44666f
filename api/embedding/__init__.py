"""What other sites embed: widget, frame, fragment; and the page that writes the code for it."""
