"""Other names by which people know a builder, and the builders that need no table."""

ALIASES = {
    "elementor": "elementor-pro",
    "cf7": "contact-form-7",
    "gravityforms": "gravity-forms",
    "fluentforms": "fluent-forms",
    "ninjaforms": "ninja-forms",
    "google-ads": "google-ads-lead-form",
    "meta": "meta-lead-ads",
    "facebook": "meta-lead-ads",
    "linkedin": "linkedin-lead-sync",
    "tiktok-lead-gen": "tiktok",
    "clickfunnels": "clickfunnels-2",
    "forminit": "getform-forminit",
    "getform": "getform-forminit",
    "cognito": "cognito-forms",
    "cognitoforms": "cognito-forms",
    "rdstation": "rd-station",
    "highlevel": "gohighlevel",
    "swipe-pages": "swipepages",
}
"""Another name of a builder -> the one that it has here."""

PLAIN = "generic custom swipepages convertflow landingi leadpages zapier make n8n"
"""Names under which anything may come: no table describes it."""

FROM_BROWSERS = frozenset(("carrd", "formspree", "web3forms", "formsubmit", "netlify", "contact-form-7", "generic"))
"""Posted by the visitor's own browser: the page is the request's Referer when the body names none."""
