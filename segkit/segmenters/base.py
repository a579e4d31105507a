"""What every segmenter shares: learn from facts, label as one expression, explain, and be written down."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from numbers import Real
from pathlib import Path
from typing import Any, ClassVar

import narwhals as nw
from sklearn.base import BaseEstimator

from segkit import _portable as p
from segkit.errors import ColumnProblem, FileProblem, NotFitted, ParameterProblem, UnknownName, did_you_mean

TYPES: dict[str, type[Segmenter]] = {}
"""Every segmenter there is, by the name that ``segment --by`` takes; a subclass enters by being defined."""

FORMAT = 1


class Segmenter(BaseEstimator):
    """Base of all segmenters on named facts.

    A type is a subclass with five class attributes and three short methods. It then appears by itself in
    ``segment --by``, the tour, the trust card and the plots.

    Attributes
    ----------
    question : str
        What a marketer asks, in their words.
    labels : tuple of str
        The words a customer can get, in order of meaning.
    needs : tuple of str
        Names of the facts it reads.
    needs_text : tuple of str
        Those of the needed facts that are words; all others are numbers.
    tables : tuple of str
        Names of the tables it is not possible without.
    instead : str
        What one could do where those tables are missing.
    measure : callable
        From a shop to those facts.
    truth_axis : str or None
        The column of a synthetic shop's truth that it should find.
    cuts_one_fact : bool
        Whether the groups are pieces of one scale; such groups are never called natural.
    limits : tuple
        For each parameter that is a number: its name, what it must be above, and what it must stay below.
    figure : str
        The question that ``segmentation.plot()`` answers when it is not told which; see ``segkit.plots.questions``.

    Notes
    -----
    As in scikit-learn, ``__init__`` stores parameters and computes nothing, and what was learned ends in ``_``.
    Learned values must be plain numbers, words, lists or dicts, so that a fitted rule can be read as JSON.
    """

    name: ClassVar[str]
    question: ClassVar[str]
    labels: ClassVar[tuple[str, ...]]
    needs: ClassVar[tuple[str, ...]]
    measure: ClassVar[Callable[[Any], Any]]
    needs_text: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[tuple[str, ...]] = ("orders",)
    instead: ClassVar[str] = ""
    truth_axis: ClassVar[str | None] = None
    cuts_one_fact: ClassVar[bool] = False
    limits: ClassVar[tuple[tuple[str, float, float], ...]] = ()
    figure: ClassVar[str] = "sizes"

    def __init_subclass__(cls, **how: Any) -> None:
        super().__init_subclass__(**how)
        cls.name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        if not cls.__name__.startswith("_"):
            TYPES[cls.name] = cls

    # What a type writes -------------------------------------------------------------------------------------

    def learn(self, facts: nw.LazyFrame) -> None:
        """Set the learned values from facts; a rule with nothing to learn keeps this as it is."""

    def rule(self) -> nw.Expr:
        """Return the label as one expression over the facts."""
        raise NotImplementedError(f"{type(self).__name__} has no rule().")

    def details(self) -> dict[str, nw.Expr]:
        """Return further columns that belong to a label, by name, such as a second choice or a confidence."""
        return {}

    def steps(self) -> list[dict[str, nw.Expr]]:
        """Return columns that are worked out first, each step from the one before, for the rule to name."""
        return []

    def explain(self, facts: Mapping[str, Any], label: str) -> str:
        """Say in half a sentence why these facts give this label."""
        raise NotImplementedError(f"{type(self).__name__} has no explain().")

    # What it gets -------------------------------------------------------------------------------------------

    def fit(self, facts: Any, y: None = None) -> Segmenter:
        """Learn from facts.

        Parameters
        ----------
        facts : frame
            One row per customer, as ``measure(shop)`` gives it.
        y : None
            Not used; there for scikit-learn's pipelines.

        Raises
        ------
        ColumnProblem
            When a needed fact is missing.
        DataProblem
            When there are too few customers, or they are all alike.
        ParameterProblem
            When a parameter is not a number within its limits.
        """
        self._check_parameters()
        for name in self.learned():  # what was learned before must not decide what is needed now
            delattr(self, name)
        self._fitted = False  # should learning fail, there is no rule, not half of one
        self.learn(self._opened(facts))
        self._fitted = True
        return self

    def predict(self, facts: Any) -> Any:
        """Label customers.

        Parameters
        ----------
        facts : frame
            One row per customer; need not be those it learned from.

        Returns
        -------
        frame
            ``customer_id``, ``segment`` and the type's details, in the caller's own frame type. Lazy in, lazy out. A
            customer whose facts are missing gets ``"unknown"``.

        Raises
        ------
        NotFitted
            Before ``fit``.
        """
        return p.give_back(self.labelled(facts).select(p.KEY, "segment", **self.details()), like=facts)

    def labelled(self, facts: Any) -> nw.LazyFrame:
        """Return the facts with ``segment`` beside them, as a lazy frame; the details are left out.

        Parameters
        ----------
        facts : frame
            One row per customer; need not be those it learned from.

        Raises
        ------
        NotFitted
            Before ``fit``.
        """
        self._check_fitted()
        frame = self._opened(facts)
        for columns in self.steps():
            frame = frame.with_columns(**columns)
        return frame.with_columns(segment=self.rule())

    def fit_predict(self, facts: Any, y: None = None) -> Any:
        """Learn from facts and label the same customers."""
        return self.fit(facts).predict(facts)

    def segment(self, facts: Any, shop: Any = None) -> Any:
        """Label customers and keep facts, labels and rule together.

        Returns
        -------
        Segmentation
            See :class:`segkit.Segmentation`.
        """
        from segkit.segmentation import of_facts  # the room to the right, opened when called

        return of_facts(self, facts, shop)

    def _check_parameters(self) -> None:
        usual = type(self)().get_params()
        for name, low, high in self.limits:
            value = getattr(self, name)
            if isinstance(value, Real) and not isinstance(value, bool) and low < value < high:
                continue
            above = f" above {low:g}" if low > -math.inf else ""
            within = f" between {low:g} and {high:g}" if high < math.inf else above
            kind = type(self).__name__
            raise ParameterProblem(f"{kind}({name}={value!r}): {name} must be a number{within}, such as {usual[name]}.")

    def __sklearn_is_fitted__(self) -> bool:
        return getattr(self, "_fitted", False)

    def _check_fitted(self) -> None:
        if not self.__sklearn_is_fitted__():
            kind = type(self).__name__
            raise NotFitted(f"This {kind} has not learned yet. Call {kind}().fit(facts) first.")

    def _needed(self) -> tuple[str, ...]:
        return self.needs

    def deciding(self) -> tuple[str, ...]:
        """Return the names of the facts that decide the word; others may be read for the details alone."""
        return self._needed()

    def _opened(self, facts: Any) -> nw.LazyFrame:
        """Open facts, with every needed one there and a number, and missing where it is not a number."""
        frame = p.lazy(facts)
        there = frame.collect_schema()
        for fact in (p.KEY, *self._needed()):
            if fact not in there:
                raise ColumnProblem(
                    f"{type(self).__name__} needs the fact '{fact}', and these facts do not have it. "
                    f"{did_you_mean(fact, there)} Measure with segkit.measures.{type(self).measure.__name__}(shop)."
                )
        for fact in self._needed():
            if fact in self.needs_text or not (held := p.words_or_times(there[fact])):
                continue
            if p.small(frame.select(known=nw.col(fact).count()))["known"].iloc[0]:
                raise ColumnProblem(
                    f"{type(self).__name__} reads the fact '{fact}' as numbers, and it holds {held}. "
                    "Take another fact, or turn it into numbers first."
                )
            frame = frame.with_columns(nw.lit(None, dtype=nw.Float64).alias(fact))  # nothing known is no text
        return p.nan_is_missing(frame)

    # Written down -------------------------------------------------------------------------------------------

    def learned(self) -> dict[str, Any]:
        """Return what was learned, by name."""
        return {key: value for key, value in vars(self).items() if key.endswith("_") and not key.startswith("_")}

    def to_json(self, path: str | Path | None = None) -> str:
        """Write the fitted rule as readable JSON.

        Parameters
        ----------
        path : str or pathlib.Path, optional
            Where to write it; without it the text is only returned.

        Returns
        -------
        str
            The JSON text.

        Raises
        ------
        NotFitted
            Before ``fit``.
        """
        self._check_fitted()
        content = {"segkit_format": FORMAT, "type": self.name}
        content |= {"parameters": self.get_params(), "learned": self.learned()}
        text = json.dumps(content, indent=2, ensure_ascii=False, default=_plain) + "\n"
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text


def read_segmenter(source: str | Path) -> Segmenter:
    """Read a fitted segmenter from JSON, to label customers by a rule that is held fixed.

    Parameters
    ----------
    source : str or pathlib.Path
        A file, or the JSON text itself.

    Returns
    -------
    Segmenter
        Fitted, with the same parameters and learned values.

    Raises
    ------
    FileProblem
        When there is no such file, or it is not a segmenter's JSON.
    UnknownName
        When the type is not one of segkit's.

    Examples
    --------
    >>> import pandas as pd, segkit as sk
    >>> facts = pd.DataFrame({"customer_id": ["a", "b", "c"], "orders_per_year": [1.0, 3.0, 9.0]})
    >>> read_segmenter(sk.Usage(cuts=(2, 6)).fit(facts).to_json()).cuts_
    [2.0, 6.0]
    """
    text = str(source)
    if not text.lstrip().startswith("{"):
        if not Path(text).is_file():
            raise FileProblem(f"No file at '{text}'. Write one with segmenter.to_json('{text}').")
        text = Path(text).read_text(encoding="utf-8")
    try:
        content = json.loads(text)
        kind, parameters, values = content["type"], content["parameters"], content["learned"]
        if not (isinstance(kind, str) and isinstance(parameters, dict) and isinstance(values, dict)):
            raise TypeError
    except (ValueError, KeyError, TypeError):
        raise FileProblem("This is not a segmenter's JSON: it needs 'type', 'parameters' and 'learned'.") from None
    if content.get("segkit_format") != FORMAT:
        raise FileProblem(f"This segmenter is of format {content.get('segkit_format')!r}; this segkit reads {FORMAT}.")
    cls = by_name(kind)
    allowed = cls().get_params()
    for key in parameters:
        if key not in allowed:
            raise FileProblem(f"{cls.__name__} has no parameter '{key}'. {did_you_mean(key, allowed)}")
    segmenter = cls(**{key: tuple(v) if isinstance(v, list) else v for key, v in parameters.items()})
    for key, value in values.items():
        if key.startswith("_") or not key.endswith("_"):
            raise FileProblem(f"'learned' holds '{key}', which no segmenter learns: such names end in '_'.")
        setattr(segmenter, key, value)
    try:
        segmenter.steps(), segmenter.rule(), segmenter.details()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise FileProblem(
            f"'learned' does not hold what {cls.__name__} learns. Fit it again and write it with to_json()."
        ) from None
    segmenter._fitted = True
    return segmenter


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as Python's, for JSON."""
    if not hasattr(value, "tolist"):
        raise TypeError(f"A {type(value).__name__} cannot be written as JSON; segmenters hold plain values.")
    return value.tolist()


def by_name(name: str) -> type[Segmenter]:
    """Return a type by the name that ``segment --by`` takes.

    Raises
    ------
    UnknownName
        When there is none; the message names the nearest.

    Examples
    --------
    >>> by_name("usage").__name__
    'Usage'
    """
    if name not in TYPES:
        raise UnknownName(f"There is no segmentation type '{name}'. {did_you_mean(name, TYPES)}")
    return TYPES[name]
