"""Every kind of question accepts any right answer, says why a wrong one is wrong, and never raises."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import BaseEstimator

from segkit.course.agreement import match
from segkit.course.blank import Blank, ____, is_blank
from segkit.course.options import Options, Prediction, Quiz, QuizQuestion
from segkit.course.questions import Case, Choice, Fault, Labels, Mistake, Repair, Rule, Value

MORE = {"hints": ("Look.", "Look closer."), "solution": "answer = 1", "because": "Because."}
DATA = SimpleNamespace(numbers=[1, 2, 3], labels=pd.Series(["big", "big", "small", "small"], index=list("abcd")))


def bound(question):
    question.data = DATA
    return question


@pytest.fixture
def share():
    return bound(
        Value("?", value=lambda d: 0.25, share=True, mistakes=[Mistake(lambda d: 0.5, "That is half.")], **MORE)
    )


@pytest.fixture
def count():
    return bound(Value("?", value=lambda d: sum(d.numbers), within=0, **MORE))


@pytest.fixture
def labels():
    return bound(Labels("?", labels=lambda d: d.labels, at_least=1.0, **MORE))


@pytest.fixture
def rule():
    cases = [Case((5,), False, "5 is not enough."), Case((6,), True, "6 is enough.")]
    return bound(Rule("?", cases=lambda d: cases, **MORE))


@pytest.fixture
def repair():
    short = Fault(lambda result, d: len(result) < 3, lambda result, d: f"{3 - len(result)} are missing.")
    return bound(Repair("?", given=lambda d: d.numbers, faults=[short], **MORE))


class Recipe(BaseEstimator):
    def __init__(self, by="x"):
        self.by = by


def with_blank(x):
    return [y for y in x if (lambda: y > ____)()]


BLANKS = [
    ____,
    3 * ____,
    ____ / 2 + 1,
    -____,
    ____ > 1,
    0 + ____,
    pd.Series([1, 2]) * ____,
    pd.Series([1, 2]) > ____,
    np.array([1.0]) - ____,
    pd.DataFrame({"a": [1]}) / ____,
    [1, ____],
    {"a": (____,)},
    lambda x: x > ____,
    with_blank,
    lambda x, cut=____: x > cut,
    Recipe(by=____),
]


@pytest.mark.parametrize("answer", BLANKS, ids=range(len(BLANKS)))
def test_a_blank_is_seen_wherever_it_went(answer, share, labels, rule, repair):
    assert is_blank(answer)
    for question in (share, labels, rule, repair):
        assert question.judge(answer).status == "open"
        assert "Not answered yet" in question.judge(answer).message


@pytest.mark.parametrize("answer", [0, "", None, [], pd.Series([1]), "____", len, lambda x: x, Recipe(), Recipe])
def test_what_is_not_blank_is_judged(answer):
    assert not is_blank(answer)


def test_a_blank_prints_as_it_is_typed_even_within_a_recipe():
    assert repr(____) == str(____) == f"{____:.2f}" == "____"
    assert "____" in repr(Recipe(by=____))
    assert isinstance(__import__("copy").deepcopy(____), Blank)


@pytest.mark.parametrize(
    "answer", [0.25, 25, "25 %", "25%", "0.25", np.float64(0.2501), pd.Series([0.25]), np.array([[25]])]
)
def test_a_share_is_right_however_it_is_written(share, answer):
    assert share.judge(answer).status == "right"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (0.5, "That is half"),
        (0.3, "0.3 is too high"),
        (0.2, "0.2 is too low"),
        (20, "20 per cent is too low"),
        ("many", "this is a text"),
        (None, "nothing (None)"),
        (float("nan"), "a value in the calculation is missing"),
        (True, "yes or no"),
        (pd.Series([0.2, 0.3]), "a column of 2 values"),
        (np.array([1, 2]), "ndarray"),
        (len, "a function"),
    ],
)
def test_a_wrong_number_is_told_why(share, answer, says):
    verdict = share.judge(answer)
    assert verdict.status == "wrong"
    assert says in verdict.message


def test_a_count_allows_nothing_beside_it(count):
    assert [count.judge(answer).status for answer in (6, 6.0, "6", 7, 5.99)] == ["right"] * 3 + ["wrong"] * 2


FRAME = {"customer_id": ["d", "c", "b", "a"], "segment": ["s", "s", "b", "b"]}


@pytest.mark.parametrize(
    "answer",
    [
        DATA.labels,
        DATA.labels.iloc[::-1],
        DATA.labels.map({"big": 1, "small": 0}),
        DATA.labels.to_dict(),
        pd.DataFrame(FRAME),
        pl.DataFrame(FRAME),
        pl.LazyFrame(FRAME),
        SimpleNamespace(labels=pl.DataFrame(FRAME)),
    ],
    ids=["same", "reversed", "numbers", "dict", "pandas", "polars", "lazy", "segmentation"],
)
def test_labels_are_right_whatever_the_groups_are_called(labels, answer):
    assert labels.judge(answer).status == "right"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"a": 1, "b": 1, "c": 1, "d": 2}, "1 customers you put in '1' belong in 'small'"),
        ({"a": 1, "b": 1}, "2 of 4 customers have no group"),
        (3, "this is a number"),
        (pd.DataFrame({"segment": ["b"]}), "a table of 1 rows"),
    ],
)
def test_wrong_labels_are_told_why(labels, answer, says):
    verdict = labels.judge(answer)
    assert verdict.status == "wrong"
    assert says in verdict.message


def test_a_rule_is_judged_by_what_it_does(rule):
    assert rule.judge(lambda orders: orders >= 6).status == "right"
    assert rule.judge(lambda orders: not orders < 5.5).status == "right"
    assert rule.judge(lambda orders: np.bool_(orders > 5)).status == "right"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda orders: orders > 6, "With 6 your rule gives False, not True. 6 is enough."),
        (lambda orders: True, "With 5 your rule gives True, not False. 5 is not enough."),
        (lambda: True, "With 5 your function stops: TypeError."),
        (lambda orders: 1 / 0, "With 5 your function stops: ZeroDivisionError."),
        (lambda orders: None, "gives None"),
        (lambda orders: pd.Series([1, 2]), "gives a column of 2 values"),
        (6, "this is a number"),
    ],
)
def test_a_wrong_rule_is_told_where(rule, answer, says):
    verdict = rule.judge(answer)
    assert verdict.status == "wrong"
    assert says in verdict.message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda numbers: numbers[:1], "2 are missing"),
        (lambda numbers: numbers.nonsense, "The function stops: AttributeError"),
        (lambda numbers: {}["size"], "There is no fact 'size'. The facts are the names"),
        (lambda numbers: {}[4], "The function stops: KeyError: 4"),
        (lambda numbers: None, "returns nothing"),
        (lambda numbers: 3, "now it is a number"),
        ([1, 2, 3], "Hand in the function itself"),
    ],
)
def test_a_repair_names_the_fault_that_is_left(repair, answer, says):
    assert repair.judge(lambda numbers: numbers).status == "right"
    verdict = repair.judge(answer)
    assert verdict.status == "wrong"
    assert says in verdict.message


def test_a_choice_tells_its_own_feedback_for_every_option():
    choice = bound(Choice("?", options=Options(("Tea", "Hot."), ("Ice", "Cold.")), right="a", hints=("h", "i")))
    assert choice.judge("A)").message == "Right. Hot."
    assert choice.judge("tea").status == "right"
    assert choice.judge("b").message == "Not yet. Cold."
    assert 'Choose "a" or "b"' in choice.judge("z").message
    assert 'Choose "a" or "b"' in choice.judge(1).message
    assert [(wrong.answer, wrong.says) for wrong in choice.wrong] == [("answer = 'b'", "Cold.")]


def test_hints_come_one_after_the_other_and_the_solution_is_printed(count, capsys):
    for _ in range(3):
        count.hint()
    count.solution()
    count.check(6)
    count.check()
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Hint 1 of 2. Look.",
        "Hint 2 of 2. Look closer.",
        "Hint 2 of 2. Look closer.",
        "A solution:",
        "    answer = 1",
        "Because.",
        "Right. Because.",
        "Not answered yet. Replace ____ by your answer. For help: lesson.q.hint()",
    ]


def test_a_question_asked_before_the_shop_is_open_says_so(count):
    count.data = None
    assert count.judge(6).status == "open"
    assert "Run the first code cell" in count.judge(6).message


def test_the_quiz_answers_every_option_and_every_slip(capsys):
    quiz = Quiz(QuizQuestion("Warm?", Options(("Tea", "Hot."), ("Ice", "Cold.")), right="a"))
    assert quiz.feedback(1, "a") == "Question 1: right. Hot."
    assert quiz.feedback(1, "b") == "Question 1: not quite. Cold."
    assert quiz.feedback(1, "c") == 'Question 1 has no option \'c\'. Choose "a" or "b".'
    assert quiz.feedback(1, ____) == 'Question 1: not answered yet. Put "a" or "b" in place of ____.'
    for number in (0, 2, "x", None, ____, [1]):
        assert quiz.feedback(number, "a").startswith("Questions are numbered 1 to 1")
    quiz.show()
    assert capsys.readouterr().out == "1. Warm?\n  a) Tea\n  b) Ice\n"


def test_a_prediction_is_noted_not_scored(capsys):
    prediction = Prediction("?", Options("Tea.", "Ice."), lambda data: f"It was {data}.")
    assert prediction.outcome("tea") == "Your prediction: none was noted.\nThe data: It was tea."
    prediction.note(____)
    prediction.note("z")
    assert prediction.outcome("tea") == "Your prediction: none was noted.\nThe data: It was tea."
    prediction.note("b")
    assert prediction.outcome("tea") == "Your prediction: Ice.\nThe data: It was tea."
    out = capsys.readouterr().out
    assert "No prediction noted yet" in out
    assert "There is no option 'z'" in out
    assert "Noted: Ice." in out


def test_a_number_typed_another_way_is_told_how_to_type_it(share, count):
    for answer in ("0,25", (0, 25), " 0,250 "):
        verdict = share.judge(answer)
        assert verdict.status == "wrong"
        assert "with a point, not with a comma: 0.25" in verdict.message
    assert "1 / 4 or 0.25" in share.judge("1 in 4").message
    assert "without a comma: 1250" in count.judge((1, 250)).message
    assert share.judge("25 %").status == "right"


def test_a_prediction_names_the_letter_that_comes_nearest():
    one = Prediction("?", Options("Few.", "Many."), lambda data: "It is 1.", right="a")
    assert one.outcome(None).endswith("The data: It is 1. That is a) Few.")


def test_groups_that_bear_the_right_words_are_compared_word_by_word():
    given = pd.Series(["none"] * 5 + ["gift"] * 4)
    expected = pd.Series(["none"] * 3 + ["gift"] * 2 + ["none"] * 4)
    assert "4 customers you put in 'gift' belong in 'none'" in match(given, expected).most_confused()
