"""The figures there are, by the question they answer, and the one function that draws them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol, TypeVar, dataclass_transform

import pandas as pd
from matplotlib.figure import Figure

from segkit.errors import UnknownName, did_you_mean
from segkit.plots.picture import Picture
from segkit.plots.style import WIDTH, house_style, title


class Drawing(Protocol):
    """What a figure is made of. Its options are dataclass fields.

    The picture is drawn from the twin and from nothing else: so the text says what the picture says.
    """

    question: ClassVar[str]
    asks: ClassVar[str]
    of: ClassVar[tuple[str, ...]]

    def twin(self, thing: Any) -> pd.DataFrame:
        """Return the numbers to show, rounded, one row per thing shown."""
        ...

    def paint(self, fig: Figure, twin: pd.DataFrame) -> None:
        """Draw those numbers on an empty figure."""
        ...

    def alt(self, twin: pd.DataFrame) -> str:
        """Say in one or two sentences what the figure shows, with its numbers."""
        ...


FIGURES: dict[str, type[Drawing]] = {}
"""Every figure there is, by the name that ``plot`` takes."""

_Class = TypeVar("_Class", bound=type)


@dataclass_transform(frozen_default=True)
def figure(question: str, *, asks: str, of: str | tuple[str, ...] = "Segmentation") -> Callable[[_Class], _Class]:
    """Register a figure: a class with ``twin``, ``paint`` and ``alt``; its fields are its options.

    Parameters
    ----------
    question : str
        The name to ask for it by, one word. A segmenter whose class attribute ``figure`` is this word is drawn so
        by default.
    asks : str
        The question it answers, in words; it becomes the title. A twin may be
        more precise in ``twin.attrs["asks"]``.
    of : str or tuple of str
        Class names of what can be drawn so: ``"Segmentation"`` is any, ``"Usage"`` only segmentations by that
        segmenter, ``"Recovery"`` or ``"TrustCard"`` what those rooms return.

    Raises
    ------
    ValueError
        When another figure has that name.

    Examples
    --------
    >>> @figure("largest", asks="Which segment is the largest?")
    ... class Largest:
    ...     top: int = 1
    ...     def twin(self, seg):
    ...         return seg.sizes().nlargest(self.top, "customers")[["segment", "customers"]]
    ...     def paint(self, fig, twin):
    ...         fig.subplots().bar(twin["segment"], twin["customers"])
    ...     def alt(self, twin):
    ...         return f"The largest: {', '.join(twin['segment'])}."
    >>> FIGURES.pop("largest").asks
    'Which segment is the largest?'
    """

    def register(cls: _Class) -> _Class:
        older = FIGURES.get(question)
        if older is not None and (older.__module__, older.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"There is a figure '{question}' already, {older.__qualname__}. Choose another name.")
        cls.question, cls.asks, cls.of = question, asks, (of,) if isinstance(of, str) else of
        FIGURES[question] = made = dataclass(frozen=True)(cls)
        return made

    return register


def draw(thing: Any, question: str | None = None, **how: Any) -> Picture:
    """Draw one figure with its text twin.

    Parameters
    ----------
    thing : Segmentation, Recovery or TrustCard
        What to draw.
    question : str, optional
        Which figure: see :func:`questions`. Without it: the one made for this kind of thing.
    **how
        Options of that figure, such as ``fact="revenue"`` for ``"grid"``.

    Returns
    -------
    Picture
        With ``.figure`` (matplotlib), ``.twin`` (the numbers), ``.alt`` (one or two sentences), ``.save(path)``.

    Raises
    ------
    UnknownName
        When there is no such figure of this thing, or the figure has no such option.

    Examples
    --------
    >>> import pandas as pd, segkit as sk
    >>> facts = pd.DataFrame({"customer_id": list("abcd"), "orders_per_year": [1.0, 1.0, 4.0, 12.0]})
    >>> seg = sk.Usage(cuts=(2, 6)).fit(facts).segment(facts)
    >>> draw(seg, "sizes").alt
    'Share of customers: light 50.0 %, medium 25.0 %, heavy 25.0 %.'
    """
    possible = questions(thing)
    if question is None:
        question = _usual(thing, list(possible))
    if question not in possible:
        kind = type(thing).__name__
        raise UnknownName(f"There is no figure '{question}' of a {kind}. {did_you_mean(question, possible)}")
    kind = FIGURES[question]
    options = [field.name for field in fields(kind)]
    for name in how:
        if name not in options:
            raise UnknownName(f"The figure '{question}' has no option '{name}'. {did_you_mean(name, options)}")
    drawing = kind(**how)
    twin = drawing.twin(thing)
    with house_style():
        fig = Figure(figsize=(WIDTH, 3.6), layout="constrained")
        drawing.paint(fig, twin)
        asks = twin.attrs.get("asks", kind.asks)
        title(fig, asks)
    return Picture(question, asks, fig, twin, drawing.alt(twin))


def questions(thing: Any) -> dict[str, str]:
    """Return which figures can be drawn of something: name, in alphabetical order, and the question it answers.

    Examples
    --------
    >>> import pandas as pd, segkit as sk
    >>> facts = pd.DataFrame({"customer_id": list("abcd"), "orders_per_year": [1.0, 1.0, 4.0, 12.0]})
    >>> questions(sk.Usage(cuts=(2, 6)).fit(facts).segment(facts))["sizes"]
    'How many customers has each segment, and what are they worth?'
    """
    kinds = {cls.__name__ for one in (thing, getattr(thing, "segmenter", None)) for cls in type(one).__mro__}
    return {name: FIGURES[name].asks for name in sorted(FIGURES) if kinds & set(FIGURES[name].of)}


def _usual(thing: Any, possible: list[str]) -> str:
    """The figure a segmenter names, or the first that was made for this kind of thing."""
    if not possible:
        raise UnknownName(f"No figure can be drawn of a {type(thing).__name__}. Draw a segmentation: seg.plot().")
    return getattr(getattr(thing, "segmenter", None), "figure", possible[0])
