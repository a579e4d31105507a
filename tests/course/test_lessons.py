"""Every exercise of every lesson, tried as a reader would: its solution is right, its wrong answers are told why."""

import contextlib
import io
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import segkit.course
from segkit.course import lesson_names
from segkit.course.glossary import GLOSSARY, entry
from segkit.course.questions import Choice, Labels, Value
from segkit.errors import UnknownName
from segkit.trust import recovery

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SLOW = {"reveal", "trust", "own"}  # the cells no exercise needs; strict nbval runs them
LESSONS = sorted(lesson_names())


def notebook(name):
    number = name.removeprefix("lesson_")
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    return nbformat.read(path, as_version=4)


def run(name, *, seed=None):
    """Run a lesson's notebook and return its names, as they stand for a reader who ran all cells."""
    names = {}
    for cell in notebook(name).cells:
        if cell.cell_type == "code" and cell.id not in SLOW:
            source = cell.source.replace("seed=7", f"seed={seed}") if seed else cell.source
            with contextlib.redirect_stdout(io.StringIO()):
                exec(source, names)
    return names


@pytest.fixture(scope="module", params=LESSONS)
def read(request):
    """A lesson after its notebook was run: (lesson, names)."""
    return getattr(segkit.course, request.param), run(request.param)


def answer(code, names):
    names = dict(names)
    exec(code, names)
    return names["answer"]


def test_every_notebook_has_its_lesson_and_the_other_way_round():
    numbers = sorted(path.name[:2] for path in NOTEBOOKS.glob("*.ipynb"))
    assert [f"lesson_{number}" for number in numbers] == LESSONS
    with pytest.raises(AttributeError, match="its lessons are lesson_00"):
        segkit.course.lesson_99  # noqa: B018


def test_every_solution_is_right(read):
    lesson, names = read
    for question in lesson.questions:
        verdict = question.judge(answer(question.answer, names))
        assert verdict.status == "right", (question.name, verdict)
        assert verdict.message.startswith("Right. ")


def test_every_wrong_answer_is_told_why(read):
    lesson, names = read
    for question in lesson.questions:
        for wrong in question.wrong:
            verdict = question.judge(answer(wrong.answer, names))
            assert verdict.status == "wrong", (question.name, wrong)
            assert wrong.says in verdict.message, (question.name, wrong, verdict.message)


def test_every_known_mistake_is_told_what_it_is(read):
    lesson, _ = read
    for question in lesson.questions:
        for mistake in getattr(question, "mistakes", ()):
            verdict = question.judge(mistake.value(question.data))
            assert verdict.status == "wrong", (question.name, mistake.says)
            # two mistakes may come to the same number; then the first one is told
            assert any(one.says in verdict.message for one in question.mistakes), (question.name, verdict.message)


def test_every_question_has_two_hints_and_two_wrong_answers(read, capsys):
    lesson, _ = read
    for question in lesson.questions:
        assert len(question.hints) == 2
        assert len(question.wrong) + len(getattr(question, "mistakes", ())) >= 2
        question.solution()
        assert question.answer.splitlines()[0] in capsys.readouterr().out


@pytest.mark.parametrize("seed", [3, 11])
@pytest.mark.parametrize("name", LESSONS)
def test_a_class_with_another_shop_is_checked_against_that_shop(name, seed):
    lesson, names = getattr(segkit.course, name), run(name, seed=seed)
    for question in lesson.questions:
        assert question.judge(answer(question.answer, names)).status == "right", question.name
        if isinstance(question, Value | Labels) and not isinstance(question, Choice):
            assert question.judge(answer(question.wrong[0].answer, names)).status == "wrong"


def test_nothing_is_checked_before_the_first_cell(read, capsys):
    lesson, names = read
    question, population = lesson.questions[0], lesson.data.population
    lesson.data = question.data = None
    try:
        assert question.judge(1).status == "open"
        lesson.reveal(names["seg"])
        assert "Run the first code cell" in capsys.readouterr().out
        question.solution()
    finally:
        lesson.start(population)


def test_every_option_of_the_quiz_has_feedback(read):
    lesson, _ = read
    assert len(lesson.quiz.questions) >= 3
    for number, question in enumerate(lesson.quiz.questions, 1):
        assert question.right in question.options.by_letter
        for letter, option in question.options.by_letter.items():
            assert len(option.feedback) > 15
            told = lesson.quiz.feedback(number, letter)
            assert ("right. " in told) == (letter == question.right)


def test_the_question_in_the_notebook_is_the_question_that_is_checked(read):
    lesson, _ = read
    cells = notebook(f"lesson_{lesson.number:02d}").cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    shown = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    for question in lesson.questions:
        assert question.ask in text or f"lesson.{question.name}.show()" in shown, question.ask
        assert f"lesson.{question.name}.check(" in shown
    assert f"{lesson.minutes} minutes" in text


def test_the_reveal_tells_agreement_ceiling_confusion_and_prediction(capsys):
    lesson = segkit.course.lesson_12
    names = run("lesson_12")
    lesson.prediction.note("b")
    lesson.reveal(names["seg"])
    out = capsys.readouterr().out
    found = re.search(r"balanced accuracy\) +(\d+) %", out)
    guess = re.search(r"guessing +(\d+) %", out)
    assert 33 == int(guess[1]) < int(found[1]) <= 100
    assert re.search(r"planted \w+, called \w+: orders \d+ \(\d+\), tenure_days", out)
    assert "Your prediction: A few, but more than one in twenty.\nThe data: Of the" in out


# What the text says --------------------------------------------------------------------------------------------


def test_lesson_00_says_what_the_data_say():
    names = run("lesson_00")
    often = names["crowd"].groupby("age_band", observed=True)["orders_per_year"].mean()
    assert often.between(2.5, 3.5).all(), "every band orders about three times a year"
    sizes, profile = names["sizes"], names["seg"].profile()
    assert 0.4 < sizes.loc["heavy", "revenue_share"] < 0.6, "about half of the revenue"
    assert sizes.loc["light", "share"] > 2 * sizes.loc["light", "revenue_share"], "many, and they bring little"
    assert names["cost"][["medium", "heavy"]].sum() <= 5_000, "fit the budget"
    assert 8 < profile.loc["orders_per_year", "heavy"] < 15, "about once a month"
    assert profile.loc["recency_days", "heavy"] < 90, "were here lately"
    assert profile.loc["recency_days", "light"] > 300, "most of them long ago"


@pytest.mark.parametrize("seed", [7, 3, 11])
def test_lesson_11_says_what_the_data_say(seed):
    names = run("lesson_11", seed=seed)
    data, facts, rule = names["lesson"].data, names["facts"], names["rule"]
    assert names["elsewhere"].mean() > 1.3 * facts["orders"].mean(), "many of them are regulars"
    inside = data.customers[data.customers["christmas_orders"] > 0]
    assert 0.28 < (inside["segment"] == "christmas").mean() < 0.4, "about a third"
    shares = names["seg"].plot().twin.set_index("segment")
    for feast, month in {"christmas": "Dec", "nowruz": "Mar", "valentines_day": "Feb"}.items():
        assert shares.loc[feast].nlargest(2).index[0] == month
        assert shares.loc[feast].nlargest(2).iloc[1] < 0.25 * shares.loc[feast, month], "one dark cell for a feast"
    assert set(shares.loc["end_of_season"].nlargest(2).index) == {"Jan", "Aug"}, "two for the ends of the seasons"
    assert (shares.loc["birthday"] - shares.loc["everybody"]).abs().max() <= 6, "no month of their own"
    strict, loose = (data.labels(rate) for rate in (0.05, 0.25))
    orders = facts.set_index("customer_id")["orders"]
    lost, kept = ((loose != "none") & (strict == "none"), strict != "none")
    assert (orders[lost] == 1).mean() > 0.55, "mostly customers with a single order"
    assert (orders[kept] == 1).mean() < 0.15
    assert (kept & (orders > 5)).sum() > 0.75 * ((loose != "none") & (orders > 5)).sum(), "most regulars keep theirs"
    assert (strict == "birthday").sum() > 0.3 * (loose == "birthday").sum(), "many stay"
    assert len(names["sure"]) < 0.1 * len(names["season"]), "an idea to watch, most of them"
    assert names["season"]["times"].iloc[0] > 1.15, "such a list always has a top"
    christmas, comes = names["christmas"], rule.occasions_["christmas"]["buyers"]
    assert christmas["probability"].mean() > 8 * comes, "a guide to everybody costs many times as much"
    most = data.customers.nlargest(60, "christmas_orders")
    assert (most["segment"] != "christmas").sum() >= 12, "wastes guides on regulars"
    assert most.loc[most["segment"] != "christmas", "orders"].mean() > 3 * facts["orders"].mean()


@pytest.mark.parametrize("seed", [7, 3, 11])
def test_lesson_11_says_how_much_was_found_and_who_was_mistaken(seed):
    names = run("lesson_11", seed=seed)
    truth = names["population"].truth
    found = recovery(names["seg"], truth)
    assert found.share_of_oracle > 0.9, "comes close to the oracle"
    assert tuple(found.mistaken().loc[0, ["truth", "taken_for"]]) == ("none", "end_of_season"), "mistaken most"
    both = names["seg"].labels.merge(truth, on="customer_id")
    named = both[both["segment"] != "none"]
    wrong, waits = named["segment"] != named["occasion"], named["decision_style"] == "sale_waiter"
    assert (wrong & ~waits).mean() < 0.25 < wrong.mean(), "more than one in four are wrong; not without these"
    called = named[wrong]["segment"].value_counts()
    assert called.index[0] == "end_of_season", "mostly those called end of season"
    assert called.iloc[0] > 2 * called.iloc[1]
    assert waits[wrong & (named["segment"] == "end_of_season")].mean() > 0.55, "of these most wait for any sale"
    chosen = both.set_index("customer_id").loc[names["lesson"].data.surest["customer_id"]]
    assert (chosen["occasion"] == "christmas").mean() > 0.9, "the surest are right"


@pytest.mark.parametrize("seed", [7, 3, 11])
def test_lesson_12_says_what_the_data_say(seed):
    names = run("lesson_12", seed=seed)
    new, light, used = names["new"], names["light"], names["used"]
    data, profile = names["lesson"].data, names["seg"].profile()
    assert names["average"] > 1.5 * names["middle"], "a few pull the average up"
    assert names["naive"][new].mean() < 0.5 * names["naive"][~new].mean(), "hardly had a chance"
    groups = data.labels("orders_per_year").to_numpy()
    assert (groups[new] == "light").mean() > 1.1 * (groups == "light").mean(), "new customers remain light"
    bars = names["seg"].plot("facts").twin.iloc[2:-1, 1:].sum(axis=1)
    assert bars.corr(pd.Series(range(len(bars)), bars.index), method="spearman") < -0.9, "falls smoothly"
    assert (bars.diff().dropna() < 2.5 * bars.shift().dropna() ** 0.5).all(), "no bump but by chance"
    mean = profile.loc["mean_order_value"]
    assert mean["heavy"] < 1.1 * mean["everybody"], "hardly place larger orders"
    assert 8 < profile.loc["orders_per_year", "heavy"] < 15, "about once a month"
    assert 90 < 365 / profile.loc["orders_per_year", "medium"] < 150, "every few months"
    assert light["orders"].median() <= 2, "came once, perhaps twice"
    assert light["recency_days"].median() > 365, "most have been away for a year"
    fishing = used[used["category"].isin(["tackle", "rods_reels", "waders"])].groupby("segment")["quantity"].sum()
    share = fishing / used.groupby("segment")["quantity"].sum()
    assert share["heavy"] > 1.25 * share["light"], "fishing gear stands out"
    assert "tackle" in set(names["basket"]["times"].nlargest(3).index)
    assert data.moved_up()["tenure_days"].median() > light["tenure_days"].median(), "a total favours long standing"
    clubs = [ids.isin(names["from_clubs"]).mean() for ids in (data.moved_up().index, light["customer_id"])]
    assert clubs[0] > 2 * clubs[1], "clubs are more common among them"


@pytest.mark.parametrize("seed", [7, 3, 11])
def test_lesson_12_says_where_clubs_and_value_are(seed):
    names = run("lesson_12", seed=seed)
    facts, corner, data = names["facts"], names["corner"], names["lesson"].data
    clubs, grid = names["from_clubs"], names["seg"].grid("revenue")
    assert grid.loc["heavy", "high"] < 0.5 * grid["high"].sum(), "more than half of the right-hand column"
    assert 0.05 < grid.loc["light", "high"] / grid["high"].sum() < 0.3, "a few, but more than one in twenty"
    share = corner["customer_id"].isin(clubs).mean()
    assert 4 * facts["customer_id"].isin(clubs).mean() < share < 0.67, "several times as common; many are not"
    assert corner["customer_id"].isin(clubs).sum() < 0.5 * facts["customer_id"].isin(clubs).sum(), "most sit elsewhere"
    assert corner["mean_order_value"].median() > 3 * facts["mean_order_value"].median(), "large orders"
    assert corner["orders"].median() <= 4, "few orders"
    of_cell = facts.assign(club=facts["customer_id"].isin(clubs), use=data.labels("orders_per_year").to_numpy())
    regulars = of_cell[(of_cell["use"] == "heavy") & (of_cell["revenue"] >= grid.attrs["cuts"][1])]
    assert regulars["club"].mean() < 2 * of_cell["club"].mean(), "about as many in a hundred as the whole shop"
    assert grid.loc["heavy", "low"] < 0.01 * grid.loc["heavy"].sum(), "hardly anybody comes often and brings little"
    groups = data.labels("orders_per_year")[data.most_valuable["customer_id"]]
    missed = set(data.most_valuable["customer_id"]) - set(data.recent.nlargest(50, "orders")["customer_id"])
    assert (groups != "heavy").sum() >= 5, "not all of the fifty are heavy"
    assert len(missed) >= 15, "a list by orders misses many"
    told = names["lesson"].q4.judge(lambda facts: data.most_valuable).message
    assert f"{(groups == 'heavy').sum()} are heavy" in told
    assert f"miss {len(missed)} of them" in told


# Words ---------------------------------------------------------------------------------------------------------


def lessons():
    return [getattr(segkit.course, name) for name in LESSONS]


@pytest.mark.parametrize("name", LESSONS)
def test_each_jargon_word_is_explained_where_it_is_first_used(name):
    """A glossary word in a lesson's text or output is among its words, or among those of a lesson before it."""
    lesson = getattr(segkit.course, name)
    known = {one.word for other in lessons() if other.number <= lesson.number for one in other.words.entries}
    text = "\n".join(cell.source for cell in notebook(name).cells if cell.cell_type == "markdown").casefold()
    used = {word for word in GLOSSARY if re.search(rf"\b{re.escape(word)}s?\b", text)}
    assert used <= known, f"add to the lesson's words: {sorted(used - known)}"


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_lists_no_word_that_it_does_not_use(name):
    cells = [cell for cell in notebook(name).cells if "lesson.words" not in cell.source]
    said = [output.get("text", "") for cell in cells for output in cell.get("outputs", [])]
    text = "\n".join([*(cell.source for cell in cells), *said]).casefold().replace("*", "")
    for one in getattr(segkit.course, name).words.entries:
        stem = one.word.casefold().removesuffix(" data").removesuffix(" user").removesuffix(" segmentation")
        assert stem in text, one.word


def test_every_word_has_a_plain_line_and_translations_come_in_pairs():
    for word, one in GLOSSARY.items():
        assert 10 < len(one.text) < 160, word
        assert bool(one.persian) == bool(one.chinese), word
    with pytest.raises(UnknownName, match="Did you mean 'churn'"):
        entry("chrun")


def test_the_table_of_words_tells_each_cell_its_language():
    html = segkit.course.lesson_12.words._repr_html_()
    assert '<td lang="fa" dir="rtl"' in html
    assert '<td lang="zh-Hant"' in html
    assert "客戶使用" in html
