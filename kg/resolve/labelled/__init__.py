"""Labelled data: how well who is who agrees with what people say. Never part of a build."""
