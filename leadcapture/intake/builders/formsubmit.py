"""FormSubmit: a browser post with control names of its own."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder("formsubmit", marks=(("_honey",), ("_captcha",), ("_template",), ("_autoresponse",)))
