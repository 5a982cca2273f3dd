"""A brand's colour and what can be read on it: black or white text, and a shade of it for each ground."""

PAPER = "#ffffff"
DARK_PAPER = "#16201e"
"""What the cards of form.css are made of, in light and in dark."""

BLACK, WHITE = "#000000", "#ffffff"
READABLE = 4.5
"""WCAG AA: the least contrast of text."""

VISIBLE = 1.08
"""The least contrast of two shades that are seen to differ."""

STEPS = 20


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour such as #0a6b5a, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_on(colour: str) -> str:
    """Return black or white, whichever is easier to read; one of the two is always readable."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, colour))


def shade_on(colour: str, ground: str) -> str:
    """Return the colour itself where it can be read on the ground, else the nearest shade of it that can."""
    far = text_on(ground)
    shades = (mixed(colour, far, step / STEPS) for step in range(STEPS + 1))
    return next((shade for shade in shades if contrast(shade, ground) >= READABLE), far)


def mixed(one: str, other: str, share: float) -> str:
    """Return `one` with a share of `other` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def theme_css(brand: str) -> str:
    """Return the custom properties of a brand's colour: form.css draws with nothing else of it."""
    on_brand, in_the_dark = text_on(brand), f"{{ --accent: {shade_on(brand, DARK_PAPER)}; }}"
    return (
        f":root, :host {{ --brand: {brand}; --on-brand: {on_brand}; --brand-pressed: {_pressed(brand, on_brand)}; "
        f"--accent: {shade_on(brand, PAPER)}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]), :host(:not([data-theme=light])) "
        f"{in_the_dark} }}\n"
        f":root[data-theme=dark], :host([data-theme=dark]) {in_the_dark}\n"
    )


def _pressed(brand: str, text: str) -> str:
    """Return the colour of a button under the hand: further from its text, or nearer where that changes nothing."""
    further = BLACK if text == WHITE else WHITE
    shades = (mixed(brand, further, 0.14), mixed(brand, further, 0.4), mixed(brand, text, 0.14))
    return next((shade for shade in shades if contrast(shade, brand) >= VISIBLE), brand)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.03928 else float(((channel + 0.055) / 1.055) ** 2.4)
