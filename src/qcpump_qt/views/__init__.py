"""Widgets: draw a model and emit intentions; they know models and nothing below them."""
