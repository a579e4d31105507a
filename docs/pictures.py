"""Draw the pictures of README.md and write their descriptions there: python docs/pictures.py."""

import re
from pathlib import Path

import segkit as sk
import synthetic
from segkit import plots

FOLDER = Path(__file__).resolve().parent / "images"
README = FOLDER.parents[1] / "README.md"


def pictures():
    """Draw where usage's groups begin, and who was really what; by file name."""
    population = synthetic.outdoor_shop(customers=3_000, seed=7)
    seg = sk.segment(sk.Shop(population), sk.Usage())
    recovery = sk.recovery(seg, population.truth)
    return {"usage-groups.png": seg.plot("facts"), "usage-recovery.png": plots.draw(recovery)}


def described(text, name, picture):
    """Return a text whose picture of that name has the description made from its numbers."""
    shown = f"![{picture.alt}](docs/images/{name})"
    return re.sub(rf"!\[[^]]*\]\(docs/images/{re.escape(name)}\)", lambda _: shown, text)


def main():
    """Write the pictures and their descriptions."""
    FOLDER.mkdir(exist_ok=True)
    text = README.read_text(encoding="utf-8")
    for name, picture in pictures().items():
        print(f"Written: {picture.save(FOLDER / name)}")
        text = described(text, name, picture)
    README.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
