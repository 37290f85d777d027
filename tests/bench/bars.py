"""Bars of ratios, as an SVG."""

import math
from html import escape

COLOURS = {"reference": "#9a9a9a", "memo": "#c0392b", "bounded": "#4a78a8", "unbounded": "#a9c3de"}
WIDTH, NAMES, ROW, GAP = 460, 210, 17, 34
COLUMNS = 2


def draw(panels):
    """`panels`: a title, and for each bar its name, how long, and its role. All share one logarithmic axis from 0.25 on."""
    longest = max(ratio for _, bars in panels for _, ratio, _ in bars)
    steps = WIDTH / math.log2(2 * max(longest, 2) / 0.25)
    place = lambda ratio: max(0.0, steps * math.log2(max(ratio, 0.25) / 0.25))
    columns = [[] for _ in range(COLUMNS)]
    heights = [10.0] * COLUMNS
    for title, bars in panels:
        column = heights.index(min(heights))
        columns[column].append((heights[column], title, bars))
        heights[column] += GAP + ROW * len(bars)
    full = NAMES + WIDTH + 70
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{COLUMNS * full}" height="{max(heights) + 30:.0f}" '
           'font-family="sans-serif" font-size="11">', '<rect width="100%" height="100%" fill="white"/>']
    for number, column in enumerate(columns):
        for top, title, bars in column:
            out.append(f'<g transform="translate({number * full + NAMES},{top:.0f})">')
            out.append(f'<text x="{-NAMES + 10}" y="14" font-weight="bold">{escape(title)}</text>')
            bottom = 20 + ROW * len(bars)
            out.append(f'<path d="M{place(1):.1f},20V{bottom}" stroke="#9a9a9a" stroke-dasharray="2 2"/>')
            for at, (name, ratio, role) in enumerate(bars):
                y = 22 + ROW * at
                out.append(f'<text x="-6" y="{y + 11}" text-anchor="end">{escape(name)}</text>')
                out.append(f'<rect x="0" y="{y}" width="{place(ratio):.1f}" height="{ROW - 4}" fill="{COLOURS[role]}"/>')
                out.append(f'<text x="{place(ratio) + 4:.1f}" y="{y + 11}">{ratio:.2f}</text>')
            out.append("</g>")
    legend = ", ".join(f'<tspan fill="{colour}">&#9632;</tspan> {role}' for role, colour in COLOURS.items())
    out.append(f'<text x="10" y="{max(heights) + 20:.0f}">ratios to the reference of the same run, logarithmic; '
               f'shorter is faster: {legend}</text>')
    out.append("</svg>\n")
    return "\n".join(out)
