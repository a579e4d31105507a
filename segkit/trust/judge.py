"""From a segmentation to its trust card, and to one word: natural, reproducible or constructed."""

from __future__ import annotations

import math
from typing import Any

from threadpoolctl import threadpool_limits  # comes with scikit-learn

from segkit.errors import DataProblem
from segkit.trust import boundary, lines, reach, structure
from segkit.trust.card import TrustCard
from segkit.trust.sample import UNKNOWN, Sample, coverage, taken
from segkit.trust.stability import Stability, stability

COMES_BACK = 0.65
"""Median agreement from which groups come back: below it recovery is poor (Steinley, 2004)."""

DESTROYED = 0.50
"""Null-adjusted agreement from which shuffling is said to destroy what was found."""

NO_ROOM = 0.90
"""Where shuffled facts come back so surely, agreement has no room to tell more; the borders decide alone."""

THIN = 0.50
"""How far the crowd must thin out at the borders of natural groups."""

FILLED = 0.10
"""How much of that shuffling must fill."""


@threadpool_limits.wrap(limits=1)  # hundreds of small fits: threads would wait for each other, and cost up to 30 times
def trust_card(
    segmentation: Any, *, pairs: int = 100, seed: int = 0, smallest: int = 10, at_most: int = 20_000
) -> TrustCard:
    """Say what speaks for and against a segmentation.

    Parameters
    ----------
    segmentation : Segmentation
        Any type, any engine.
    pairs : int, default 100
        Pairs of bootstrap samples to learn on; half as many on shuffled facts.
    seed : int, default 0
        Decides draws and shuffles; the same seed gives the same card.
    smallest : int, default 10
        Fewest customers a published cell may have.
    at_most : int, default 20,000
        Of more customers than this a seeded sample of this size is collected, and the card says so. Sizes and consent
        are counted over everybody.

    Returns
    -------
    TrustCard
        With ``label``, ``reason``, ``lines``, ``segments``; no customer is named in it.

    Raises
    ------
    DataProblem
        When `pairs` or `at_most` is not a usable number.

    Notes
    -----
    **natural**: the groups come back when the customers are drawn again (median adjusted Rand index of 0.65 or more),
    and shuffling the facts destroys what was found: on shuffled facts they come back clearly less (null-adjusted 0.50
    or more, asked where the null is below 0.90), the ground between them is thin (0.50 or more), and shuffling fills
    it (by 0.10 or more). The ground is asked about because facts that merely go together, such as orders and revenue,
    make one long cloud: cut in pieces it comes back, shuffled it comes back less, and yet there are no groups in it.
    **reproducible**: they come back. **constructed**: they do not, or the rule was given and nothing was learned. A
    rule that cuts one fact is at best reproducible. After Dolnicar and Leisch (2010), "Evaluation of structure and
    reproducibility of cluster solutions using the bootstrap", Marketing Letters 21.

    Examples
    --------
    >>> import segkit as sk, synthetic
    >>> seg = sk.segment(sk.Shop(synthetic.outdoor_shop(customers=200, seed=7)), sk.Usage(cuts=(2, 6)))
    >>> card = trust_card(seg)
    >>> card.label, card.line("coverage").shown
    ('constructed', '100.0 %')
    """
    for name, value in (("pairs", pairs), ("at_most", at_most)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 2:
            raise DataProblem(f"{name}={value!r} is too few to judge by. Pass a whole number of 2 or more.")
    sizes = segmentation.sizes()
    sample = taken(segmentation, at_most, seed)
    found, ground = Stability(learned=True), structure.NO_BORDERS
    if len(sample.known) > 1:
        found, ground = stability(sample, pairs, seed), structure.borders(sample, seed)
    reached = reach.reachable(segmentation)
    distinct, marked = structure.distinctness(sample), structure.markers(sample)
    silhouette = structure.silhouette(sample, seed)
    label, reason = verdict(sample, found, ground)
    return TrustCard(
        by=segmentation.segmenter.name,
        customers=sample.customers,
        label=label,
        reason=reason,
        lines=(
            *lines.size_lines(sizes, coverage(segmentation), smallest),
            *lines.stability_lines(found, sample),
            *lines.structure_lines(sample, ground, silhouette, distinct, marked),
            *_boundary(sample, segmentation.shop, found.learned),
            *lines.reach_lines(reached, sample.customers, reach.identifiable(sample, segmentation.shop, seed)),
        ),
        segments=lines.segments_table(
            sizes,
            overlap=found.overlap,
            border=ground.depth,
            differs_most_in={name: fact for name, (fact, _) in distinct.items()},
            reachable_share={} if reached is None else _shares(reached["any"], sizes),
        ),
        notes=_notes(sample, found, pairs, seed),
    )


def verdict(sample: Sample, found: Stability, ground: structure.Borders) -> tuple[str, str]:
    """Return the one word, and why."""
    one_fact = sample.segmenter.cuts_one_fact or len(sample.used) == 1
    if not len(sample.known):
        return "constructed", f"No customer has a label; everybody is {UNKNOWN}."
    if len(sample.occupied) < 2:
        return "constructed", f"Everybody is {sample.occupied[0]}; nobody is told apart from anybody."
    if not found.learned:
        return "constructed", (
            "The rule was given and learned nothing from these customers. The groups are a decision, not a finding; "
            "judge them by whether they are of use."
        )
    if not found.agreement.size:
        return "constructed", "There are too few different customers to find out whether the groups come back."
    if found.median < COMES_BACK:
        return "constructed", (
            f"Drawn again, the customers fall into other groups (agreement {found.median:.2f}, wanted "
            f"{COMES_BACK:.2f}). The groups were made by the method and by the chance of who was in the data."
        )
    back = f"The groups come back when the customers are drawn again (agreement {found.median:.2f}). "
    if one_fact:
        return "reproducible", back + (
            "They are slices of one scale: nothing shows that they are different kinds of customer."
        )
    if found.null < NO_ROOM and found.adjusted < DESTROYED:
        return "reproducible", back + (
            f"But much the same happens when the facts are shuffled (agreement {found.null:.2f}), so what the facts "
            "say together is not what holds the groups."
        )
    if not ground.thin >= THIN:  # nan is not thin
        return "reproducible", back + (
            "But the borders run through a crowd: it is one cloud of customers, cut the same way each time."
        )
    if not ground.filled >= FILLED:
        return "reproducible", back + (
            "Few customers stand on the borders, but so it stays when the facts are shuffled: the thin ground belongs "
            "to single facts, not to groups of customers."
        )
    return "natural", back + (
        "Few customers stand on the borders, and shuffling the facts fills them: what holds the groups is what the "
        "facts say together."
    )


def _boundary(sample: Sample, shop: Any, learned: bool) -> list:
    day = order = step = math.nan
    if len(sample.known):
        step = boundary.one_step(sample)
        if shop is not None:
            again = boundary.Remeasured(sample, shop)
            day, order = again.one_day(), again.one_order()
    of_one = sample.segmenter.cuts_one_fact and learned and sample.used[0] in sample.numeric
    parts = boundary.equal_parts(sample) if of_one and len(sample.known) else None
    return lines.boundary_lines(day, order, step, parts)


def _shares(reached: Any, sizes: Any) -> dict[str, float]:
    customers = sizes.set_index("segment")["customers"]
    return {name: reached[name] / customers[name] for name in reached.index if customers[name]}


def _notes(sample: Sample, found: Stability, pairs: int, seed: int) -> tuple[str, ...]:
    notes = [f"{pairs} pairs of bootstrap samples, seed {seed}."] if found.learned else []
    if not sample.is_all:
        notes.append(
            f"All but sizes and consent is from a sample of {len(sample.frame):,} of {sample.customers:,} customers, "
            f"seed {seed}."
        )
    if len(sample.known) < len(sample.frame):
        left = len(sample.frame) - len(sample.known)
        notes.append(f"{left:,} customers without a label are left out of all but size, coverage and consent.")
    return tuple(notes)
