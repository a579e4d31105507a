"""Picture: a figure, the numbers it shows and its text for those who cannot see it."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from segkit.errors import FileProblem, did_you_mean
from segkit.plots.style import house_style

_WITHOUT_DATES = {  # what a file would otherwise say about when and by what it was made
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@dataclass(frozen=True, repr=False, eq=False)
class Picture:
    """A figure with its text twin.

    Shown in a notebook it is an image whose alternative text says what it shows, and the numbers as a table; shown as
    text it is those two. It never enters matplotlib's list of open figures, so nothing is shown twice.

    Parameters
    ----------
    question : str
        Name of the figure, such as ``"sizes"``.
    asks : str
        The question it answers, in words.
    figure : matplotlib.figure.Figure
        To change or to put into something larger.
    twin : pandas.DataFrame
        The numbers it is drawn from, rounded as they are shown.
    alt : str
        What it shows in one or two sentences, made from the twin.
    """

    question: str
    asks: str
    figure: Figure
    twin: pd.DataFrame
    alt: str

    def __post_init__(self) -> None:
        FigureCanvasAgg(self.figure)

    @cached_property
    def png(self) -> bytes:
        """The image; the same bytes for the same numbers."""
        return self._rendered(".png")

    def save(self, path: str | Path) -> Path:
        """Write the image to a file.

        Parameters
        ----------
        path : str or pathlib.Path
            Ends in .png, .svg or .pdf. An older file of that name is replaced.

        Returns
        -------
        pathlib.Path
            Where it is.

        Raises
        ------
        FileProblem
            When the name ends in something else, or it cannot be written there.
        """
        path = Path(path)
        kind = path.suffix.lower()
        if kind not in _WITHOUT_DATES:
            raise FileProblem(f"A figure cannot be saved as '{path.name}'. {did_you_mean(kind, _WITHOUT_DATES)}")
        try:
            path.write_bytes(self.png if kind == ".png" else self._rendered(kind))
        except OSError as error:
            raise FileProblem(
                f"Cannot write '{path}': {error.strerror}. Pass a name in a folder that is there."
            ) from None
        return path

    def show(self) -> None:
        """Show it here: as an image in a notebook, as text elsewhere."""
        try:
            from IPython import get_ipython
        except ImportError:
            get_ipython = lambda: None  # noqa: E731
        if get_ipython() is None:
            print(self)
            return
        from IPython.display import display

        display(self)

    def to_html(self, *, folded: bool = False) -> str:
        """Return the image with its alternative text and its table, all in one piece of HTML.

        Parameters
        ----------
        folded : bool
            Whether the table is under a line to click on, for a page with many figures.
        """
        wide = round(self.figure.get_size_inches()[0] * 96)
        image = base64.b64encode(self.png).decode("ascii")
        table = self.twin.to_html(index=False, escape=True, border=0, na_rep="–")
        if folded:
            table = f"<details><summary>The numbers in this figure</summary>{table}</details>"
        return (
            f'<figure style="margin:0"><img alt="{html.escape(self.alt)}" width="{wide}" style="max-width:100%" '
            f'src="data:image/png;base64,{image}"></figure>\n{table}'
        )

    def _rendered(self, kind: str) -> bytes:
        buffer = io.BytesIO()
        with house_style():
            self.figure.savefig(buffer, format=kind[1:], metadata=_WITHOUT_DATES[kind])
        return buffer.getvalue()

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        return f"{self.alt}\n\n{self.twin.to_string(index=False, na_rep='–')}"
