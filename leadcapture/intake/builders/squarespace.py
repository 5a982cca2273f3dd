"""Squarespace: by way of Zapier."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder("squarespace", marks=(("Form Name", "Submitted On"),))
