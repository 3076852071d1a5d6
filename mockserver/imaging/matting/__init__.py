"""Telling foreground from background by colour: deterministic arithmetic on a grid, refined at the border."""
