"""A plot of the results: one bar for each figure that has a target, as a share of that target."""

from collections.abc import Iterable
from html import escape

from bench.report import Figure

WIDTH, LINE, TEXT = 960, 22, 460
SCALE = (WIDTH - TEXT - 90) / 2


def svg(figures: Iterable[Figure]) -> str:
    """Draw the figures; the upright line is the target, green keeps it, red misses it."""
    shown = [figure for figure in figures if figure.target]
    height = LINE * len(shown) + 50
    at = TEXT + SCALE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{at}" y="16" text-anchor="middle">target</text>',
    ]
    for number, figure in enumerate(shown):
        y = 26 + number * LINE
        share = min(2.0, figure.value / float(figure.target or 1))
        colour = "#2e7d32" if figure.passed else "#c62828"
        bound = f"{'≥' if figure.at_least else '≤'} {figure.target:g}"
        lines.append(f'<text x="{TEXT - 8}" y="{y + 13}" text-anchor="end">{escape(figure.name)}</text>')
        lines.append(f'<rect x="{TEXT}" y="{y}" width="{share * SCALE:.0f}" height="{LINE - 6}" fill="{colour}"/>')
        said = f"{figure.value:.3g} {figure.unit} ({bound})"
        lines.append(f'<text x="{TEXT + share * SCALE + 4:.0f}" y="{y + 13}">{escape(said)}</text>')
    lines.append(f'<line x1="{at}" x2="{at}" y1="20" y2="{height - 10}" stroke="black" stroke-dasharray="4 3"/>')
    return "\n".join([*lines, "</svg>\n"])
