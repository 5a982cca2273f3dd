"""Carrd: a plain form from the visitor's browser."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder("carrd", headers=("user-agent: carrd",))
