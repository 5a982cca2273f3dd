"""Instapage: flat, as far as anybody has seen."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder("instapage", marks=(("Page Name", "Variation"),))
