"""Labelled data in, small tables out; nothing here runs the model."""
