"""Other names by which people know a builder, and the builders that need no table."""

ALIASES = {
    "elementor": "elementor-pro",
    "cf7": "contact-form-7",
    "gravityforms": "gravity-forms",
    "fluentforms": "fluent-forms",
    "ninjaforms": "ninja-forms",
    "wp-forms": "wpforms",
    "hubspot-workflow": "hubspot",
    "wix-forms": "wix",
    "framer-forms": "framer",
    "google-ads": "google-ads-lead-form",
    "google-lead-form": "google-ads-lead-form",
    "meta-lead": "meta-lead-ads",
    "facebook-lead-ads": "meta-lead-ads",
    "linkedin-lead-gen": "linkedin-lead-sync",
    "meta": "meta-lead-ads",
    "facebook": "meta-lead-ads",
    "linkedin": "linkedin-lead-sync",
    "tiktok-lead-gen": "tiktok",
    "tiktok-lead-ads": "tiktok",
    "tiktok-lead-generation": "tiktok",
    "clickfunnels": "clickfunnels-2",
    "forminit": "getform-forminit",
    "getform": "getform-forminit",
    "cognito": "cognito-forms",
    "cognitoforms": "cognito-forms",
    "rdstation": "rd-station",
    "go-high-level": "gohighlevel",
    "highlevel": "gohighlevel",
    "leadconnector": "gohighlevel",
    "123-form-builder": "123formbuilder",
    "netlify-forms": "netlify",
    "usebasin": "basin",
    "swipe-pages": "swipepages",
}
"""Another name of a builder -> the one that it has here."""

PLAIN = "generic custom swipepages convertflow landingi leadpages zapier make n8n"
"""Names under which anything may come: no table describes it."""

FROM_BROWSERS = frozenset(("carrd", "formspree", "web3forms", "formsubmit", "netlify", "contact-form-7", "generic"))
"""Posted by the visitor's own browser: the page is the request's Referer when the body names none."""
