"""The blank ``____`` that a reader replaces by an answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType, FunctionType, MethodType
from typing import Any

NAME = "____"


class Blank:
    """What stands where an answer belongs.

    Calculating with a blank gives a blank, so that a line with one in it runs, and the check after it can
    say "not answered yet" in place of an error that a beginner cannot read.

    Examples
    --------
    >>> blank = Blank()
    >>> blank, 3 * blank + 1, blank > 2
    (____, ____, ____)
    >>> is_blank({"share": [blank / 2]})
    True
    """

    # pandas and NumPy hand an operation over to us when they see these two.
    __pandas_priority__ = 1_000_000
    __array_ufunc__ = None
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return NAME

    def __format__(self, spec: str) -> str:
        return NAME

    def __bool__(self) -> bool:
        return False

    def _stay(self, *_: Any, **__: Any) -> Blank:
        return self

    __neg__ = __abs__ = __round__ = __invert__ = _stay
    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _stay  # type: ignore[assignment]


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor"):
    setattr(Blank, f"__{_name}__", Blank._stay)
    setattr(Blank, f"__r{_name}__", Blank._stay)


def is_blank(answer: object) -> bool:
    """Whether an answer is, holds, or would use a blank.

    Looks into lists, dictionaries, the parameters of an unfitted segmenter, and the code of
    a function, which need not be run for that.

    Parameters
    ----------
    answer : object
        What the reader handed in.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_blank(lambda orders: orders >= ____)
    True
    >>> is_blank(0), is_blank(""), is_blank(None)
    (False, False, False)
    """
    if isinstance(answer, Blank):
        return True
    if isinstance(answer, Mapping):
        return any(is_blank(value) for item in answer.items() for value in item)
    if isinstance(answer, list | tuple | set | frozenset):
        return any(is_blank(value) for value in answer)
    if isinstance(answer, MethodType):
        answer = answer.__func__
    if isinstance(answer, FunctionType):
        return _names_blank(answer.__code__) or is_blank(answer.__defaults__ or ())
    if hasattr(answer, "get_params") and not isinstance(answer, type):
        return is_blank(answer.get_params(deep=False))
    return False


def _names_blank(code: CodeType) -> bool:
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return NAME in code.co_names or any(map(_names_blank, inner))


____ = Blank()
