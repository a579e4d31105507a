"""A picture in a notebook, on a page, in a file: same bytes, text that can be compared, alternative text that stays."""

import html
import re
import warnings
from itertools import combinations

import matplotlib
import narwhals as nw
import pandas as pd
import pytest

import segkit as sk
from segkit import _portable as p
from segkit.errors import FileProblem
from segkit.plots.style import HATCHES, MARKERS, PALETTE, look

FACTS = pd.DataFrame(
    {"customer_id": list("abcd"), "orders_per_year": [1.0, 1.0, 4.0, 12.0], "revenue": [1.0, 2, 30, 400]}
)
QUESTIONS = ("sizes", "profile", "facts", "grid", "trust")


class _Wordy(sk.Usage):  # a name that begins with _ is not entered among the types
    labels = ("$20 to $50 & rarely, never on a weekday", "_under <b>score</b>", "سنگین و پرمصرف")

    def rule(self):
        least, middle, most = self.labels
        value = nw.col(self.by)
        return p.label_of([(value >= 6, most), (value >= 2, middle)], least)


def draw(question="sizes", kind=sk.Usage):
    return kind(cuts=(2, 6)).fit(FACTS).segment(FACTS).plot(question)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_numbers_give_the_same_bytes_and_no_warning(question):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = draw(question).png, draw(question).png
    assert first == second
    assert first.startswith(b"\x89PNG")
    assert b"Software" not in first


def test_the_readers_own_settings_change_nothing():
    usual = draw().png
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "figure.dpi": 20, "savefig.bbox": "tight"}):
        assert draw().png == usual
        assert matplotlib.rcParams["font.size"] == 30


@pytest.mark.parametrize("question", QUESTIONS)
def test_html_holds_the_alt_text_and_the_twin_and_nothing_that_differs_but_the_image(question):
    picture = draw(question)
    text = picture._repr_html_()
    assert f'alt="{html.escape(picture.alt)}"' in text
    assert text.count("src=") == 1
    assert "http" not in text
    assert re.search(r'src="data:image/png;base64,[A-Za-z0-9+/=]+"', text)
    for value in picture.twin.iloc[:, 0]:
        assert html.escape(str(value)) in text
    assert "<details>" in picture.to_html(folded=True)


def test_as_text_it_is_the_alt_text_and_the_twin(capsys):
    picture = draw()
    assert repr(picture).startswith(picture.alt)
    assert "light" in repr(picture)
    picture.show()
    assert capsys.readouterr().out.strip() == repr(picture).strip()


def test_no_figure_is_left_open_for_a_notebook_to_show_again():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    draw().png  # noqa: B018
    assert plt.get_fignums() == before


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_saved_files_are_the_same_each_time(tmp_path, kind):
    one, two = draw().save(tmp_path / f"1.{kind}"), draw().save(tmp_path / f"2.{kind}")
    assert one.read_bytes() == two.read_bytes()


def test_a_file_that_cannot_be_is_refused_in_words(tmp_path):
    with pytest.raises(FileProblem, match=r"cannot be saved as 'a.pgn'. Did you mean '.png'"):
        draw().save(tmp_path / "a.pgn")
    with pytest.raises(FileProblem, match="in a folder that is there"):
        draw().save(tmp_path / "nowhere" / "a.png")


def test_ten_names_differ_in_colour_in_hatch_and_in_marker():
    looks = list(look([str(i) for i in range(10)]).values())
    assert len(PALETTE) == len(HATCHES) == len(MARKERS) == 10
    for what in ("color", "hatch", "marker"):
        assert len({one[what] for one in looks}) == 10
    assert look(["a", "unknown"])["unknown"]["color"] == "#b0b0b0"


@pytest.mark.parametrize("question", QUESTIONS)
def test_labels_of_any_kind_are_drawn_as_they_are_and_do_not_overlap(question):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = draw(question, _Wordy)
        picture.png  # noqa: B018
    assert "<b>" not in picture.to_html()
    fig = picture.figure
    renderer = fig.canvas.get_renderer()
    for ax in fig.axes:
        ticks = [*_labels(ax.xaxis, ax.get_xlim()), *_labels(ax.yaxis, ax.get_ylim())]
        key = ax.get_legend().get_texts() if ax.get_legend() else []
        texts = (*ticks, *ax.texts, ax.xaxis.label, ax.yaxis.label, *key)
        boxes = [text.get_window_extent(renderer) for text in texts if text.get_text()]
        for box in boxes:
            assert fig.bbox.x0 - 1 <= box.x0
            assert box.x1 <= fig.bbox.x1 + 1
        ticks = [text.get_window_extent(renderer) for text in ticks]
        assert not any(a.overlaps(b) for a, b in combinations(ticks, 2))


def _labels(axis, limits):
    low, high = sorted(limits)
    shown = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [label for tick in shown for label in (tick.label1, tick.label2) if label.get_visible() and label.get_text()]
