"""Ninja Forms: names that an administrator chose."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder("ninja-forms", about={"submission_id": "submission_id|sub_id|_seq_num"})
