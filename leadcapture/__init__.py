"""leadcapture: a form post becomes a committed row, and each row becomes exactly one CrmOpportunity.

Read the folders in the order in which a lead flows:

    web         HTTP in and out; answers after the row is on disk
    intake      any payload -> one stored lead
    domain      what the words mean; standard library only
    store       the durable record, which is also the queue
    delivery    stored lead -> CRM, exactly once
    nexudus     the CRM's API in our words
    sandbox     the stand-in Nexudus of `make demo` and of the tests
"""

import sys
import warnings

# What requests guesses encodings with takes 3 MB of a worker, and is never asked: what we read says that it is JSON.
# requests does without it where it is not installed, and warns of that.
sys.modules.setdefault("charset_normalizer", None)  # type: ignore[arg-type]
warnings.filterwarnings("ignore", "Unable to find acceptable character detection dependency")

__version__ = "0.1.0"
