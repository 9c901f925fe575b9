"""A report as a program reads it: what its page says, its results file, and how a number that is shown is held to one that
is computed."""
import html.parser
import pathlib

import h5py
import numpy as np
from page_study import Study

NUMBER = r"([−+-]?\d[\d]*(?:\.\d+)?(?:e[-+]\d+)?|–|nan)"
GIVEN_DIGITS = 5.001e-9  # data-value has nine digits, the last one rounded
TABLE_DIGITS = 5.001e-6  # a figure's table has six
TINY = 1e-12  # differences of equal means, in another order of adding
BLOCKS = ("p", "li", "h1", "h2", "h3", "figcaption")


class Page(html.parser.HTMLParser):
    """What a page says, section by section: tables, blocks of text, and what its figures say to those who cannot see."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.blocks, self.section, self.cell, self.block, self.svg = [], [], "", None, None, False
        self.figures = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "section":
            self.section = given.get("id", "")
        elif tag == "svg":
            self.svg = True
            self.blocks.append([self.section, "alt", given.get("aria-label", "")])
        elif tag == "figure":
            self.figures += 1
        elif tag == "table":
            self.tables.append((self.section, []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.cell = [given.get("data-value"), ""]
            self.tables[-1][1][-1].append(self.cell)
        elif tag in BLOCKS and not self.svg:
            self.block = [self.section, tag if "class" not in given else given["class"], ""]
            self.blocks.append(self.block)

    def handle_endtag(self, tag):
        if tag == "svg":
            self.svg = False
        elif tag in ("td", "th"):
            self.cell = None
        elif tag in BLOCKS:
            self.block = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell[1] += data
        elif self.block is not None:
            self.block[2] += data


def shown(text):
    """The number a text shows, and half a unit of its last digit."""
    text = text.replace("−", "-")
    if text in ("–", "nan"):
        return np.nan, 0
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(text), 0.5 * 10.0 ** ((int(exponent) if exponent else 0) - decimals)


class Reader:
    def __init__(self, folder):
        self.folder, self.faults, self.count = pathlib.Path(folder), [], 0
        self.file = h5py.File(self.folder / "results.h5")
        self.study = Study(self.file)
        self.page = Page((self.folder / "report/index.html").read_text())
        self.asked = {}

    def fault(self, text):
        self.faults.append(text)

    def same(self, what, text, value, digits=None):
        """A shown number is the value, rounded; `digits`: it is exact to so many instead."""
        self.count += 1
        number, half = shown(text)
        value = float(value) if np.isfinite(value) else np.nan  # beyond the range of numbers: no number is shown
        room = half * (1 + 1e-6) + TINY + 1e-9 * abs(value) if digits is None else digits * abs(value) + TINY
        if np.isnan(number) != np.isnan(value) or abs(number - value) > room:
            self.fault(f"{what}: {text} instead of {value:.10g}")

    def word(self, what, text, wanted):
        self.count += 1
        if text != wanted:
            self.fault(f"{what}: \"{text}\" instead of \"{wanted}\"")
