"""Fit the models that were planted to the orders they made: the parameters must come back."""

from dataclasses import replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from synthetic.people import DAY
from synthetic.population import populate
from synthetic.world import UsageClass, World, flat_world

PLANTED = UsageClass(r=1.2, alpha=55.0, a=0.9, b=3.2)
TOLERANCE = {"r": 0.05, "alpha": 0.05, "a": 0.15, "b": 0.15}


def refit(world: World, model: str, customers: int = 60_000, seed: int = 7) -> dict[str, float]:
    """Plant a flat world and fit its model by maximum likelihood.

    Parameters
    ----------
    world : World
    model : {"mbg", "bg"}
        Whether customers can leave after their first order (MBG/NBD) or only after a repeat order (BG/NBD).
    customers, seed : int

    Returns
    -------
    dict
        The fitted r, alpha (days), a and b.
    """
    flat = replace(flat_world(world, PLANTED), leaves_after_first=model == "mbg")
    orders = populate(flat, customers, seed, ["orders"]).tables["orders"]
    origin = np.datetime64(flat.shop.first_day) + np.timedelta64(1, "D")
    day = (orders.ordered_at.to_numpy() - origin) / np.timedelta64(DAY, "m")
    last = np.maximum(orders.assign(day=day).groupby("customer_id").day.max().to_numpy(), 0.0)
    repeats = orders.groupby("customer_id").size().to_numpy() - 1
    likelihood = {"mbg": mbg_nbd, "bg": bg_nbd}[model]

    def loss(logs):
        return -likelihood(np.exp(logs), repeats, last, flat.observed_days - 1.0).mean()

    best = minimize(loss, np.log([1.0, 30.0, 1.0, 2.0]), method="L-BFGS-B", options={"maxiter": 500, "ftol": 1e-13})
    return dict(zip(("r", "alpha", "a", "b"), np.exp(best.x).tolist(), strict=True))


def bg_nbd(parameters, x, t_x, T):
    """Return the log-likelihood per customer of BG/NBD (Fader, Hardie and Lee, 2005).

    Parameters
    ----------
    parameters : r, alpha, a, b
    x : array of int
        Repeat orders.
    t_x, T : array or float
        Time of the last order and of observation, both since the first order.
    """
    r, alpha, a, b = parameters
    bought = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + T)
    gone = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
    return bought + np.where(x > 0, np.logaddexp(alive, gone), alive)


def mbg_nbd(parameters, x, t_x, T):
    """Return the log-likelihood per customer of MBG/NBD (Batislam, Denizel and Filiztekin, 2007); see ``bg_nbd``."""
    r, alpha, a, b = parameters
    bought = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x + 1) - betaln(a, b) - (r + x) * np.log(alpha + T)
    gone = betaln(a + 1, b + x) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
    return bought + np.logaddexp(alive, gone)


def holds(found: dict[str, float]) -> bool:
    """Whether every parameter came back within its tolerance."""
    return all(abs(found[name] / getattr(PLANTED, name) - 1) <= TOLERANCE[name] for name in TOLERANCE)
