"""Facts of every customer for the checks: what an all-knowing analyst could compute from the tables."""

import numpy as np
import pandas as pd

from synthetic.calendar import occasion_windows
from synthetic.population import Population

RECENT_DAYS = 120


def all_facts(shop: Population, first_day, last_day) -> dict[str, pd.DataFrame]:
    """Return facts by theme, each with one row per customer of ``shop.truth``.

    Parameters
    ----------
    shop : Population
        With all its tables.
    first_day, last_day : datetime.date
        The simulated time, for the occasions' windows.
    """
    tables, customers = shop.tables, shop.truth.customer_id
    now = pd.Timestamp(shop.as_of) + pd.Timedelta(days=1)
    lines = (
        tables["order_lines"]
        .merge(tables["products"], on="product_id")
        .merge(tables["orders"][["order_id", "customer_id", "ordered_at"]], on="order_id")
    )
    seen = _with_customers(tables["events"]).merge(
        tables["products"][["product_id", "category", "primary_benefit", "secondary_benefit", "is_bestseller"]],
        on="product_id", how="left",
    )  # fmt: skip
    themes = {
        "rfm": _rfm(tables["orders"], lines, now),
        "categories": _shares(lines, "category"),
        "orders": _orders(tables["orders"], lines, tables["customers"], now, (first_day, last_day)),
        "visits": _visits(seen, now),
        "views": _shares(seen[seen.name == "product_viewed"], "category"),
        "mails": _mails(tables["messages"], tables["campaigns"], now),
        "answers": tables["answers"].pivot(index="customer_id", columns="question", values="score"),
        "members": tables["memberships"].set_index("customer_id")[["points_earned", "points_redeemed", "referrals"]],
        "declared": _declared(tables["customers"], now),
    }
    return {name: facts.reindex(customers).add_prefix(f"{name}_") for name, facts in themes.items()}


def _with_customers(events):
    """Give a guest's events to the customer who was later seen on the same device."""
    owner = events.dropna(subset="customer_id").drop_duplicates("visitor_id").set_index("visitor_id").customer_id
    return events.assign(customer_id=events.visitor_id.map(owner)).dropna(subset="customer_id")


def _shares(rows, column):
    counts = pd.crosstab(rows.customer_id, rows[column])
    return counts.div(counts.sum(axis=1), axis=0)


def _counts(rows, column, prefix):
    return pd.crosstab(rows.customer_id, rows[column]).add_prefix(prefix)


def _days(delta):
    return delta / pd.Timedelta(days=1)


def _rfm(orders, lines, now):
    by = orders.groupby("customer_id").ordered_at
    return pd.DataFrame({
        "recency": _days(now - by.max()),
        "frequency": by.size(),
        "monetary": _net(lines).groupby(lines.customer_id).sum(),
    })  # fmt: skip


def _net(lines):
    kept = (lines.quantity - lines.returned_quantity) / lines.quantity
    return (lines.quantity * lines.unit_price - lines.discount) * kept


def _orders(orders, lines, customers, now, span):
    by = orders.groupby("customer_id").ordered_at
    gaps = orders.assign(gap=_days(by.diff())).groupby("customer_id").gap
    gross = lines.quantity * lines.unit_price
    money = lines.assign(gross=gross).groupby("customer_id")[["gross", "discount"]].sum()
    best = lines.groupby("customer_id").agg(best=("is_bestseller", "mean"), quantity=("quantity", "sum"))
    single = orders.merge(customers[["customer_id", "birth_date"]], on="customer_id")
    facts = [
        pd.DataFrame({"tenure": _days(now - by.min()), "gap": gaps.median(), "gap_spread": gaps.std() / gaps.mean()}),
        (money.discount / money.gross).rename("discount_share"),
        best,
        lines.groupby("customer_id").category.nunique().rename("different"),
        *(_share_counts(single, column) for column in ("coupon", "buying_for", "channel", "device")),
        *(_shares(lines, column).add_prefix(column) for column in ("primary_benefit", "secondary_benefit")),
        _shares(single.assign(month=single.ordered_at.dt.month), "month"),
        _shares(single.assign(weekday=single.ordered_at.dt.day_of_week), "weekday").add_prefix("weekday_"),
        _shares(single.assign(hour=single.ordered_at.dt.hour // 2), "hour").add_prefix("hour_"),
        _shares(single.assign(day=single.ordered_at.dt.day // 4), "day").add_prefix("day_"),
        _occasions(single, span),
    ]
    return pd.concat(facts, axis=1)


def _share_counts(rows, column):
    """Counts and shares together: a share of one order says less than the same share of ten."""
    counts = _counts(rows, column, f"{column}_")
    return counts.join(counts.div(counts.sum(axis=1), axis=0).add_suffix("_share"))


def _occasions(orders, span):
    first = pd.Timestamp(span[0])
    day = (orders.ordered_at - first).dt.days
    facts = {}
    for name, windows in occasion_windows(*span).items():
        inside = np.zeros(len(orders), dtype=bool)
        for start, length in windows:
            inside |= day.between(start, start + length - 1).to_numpy()
        facts[name] = inside
    birthday = orders.birth_date.dt.day_of_year - orders.ordered_at.dt.day_of_year
    facts["birthday"] = (birthday % 365 <= 14).to_numpy() & orders.birth_date.notna().to_numpy()
    grouped = pd.DataFrame(facts).groupby(orders.customer_id.to_numpy())
    return grouped.mean().add_prefix("in_").join(grouped.sum().add_prefix("n_"))


def _visits(seen, now):
    counts = _counts(seen, "name", "")
    viewed = seen[seen.name == "product_viewed"]
    recent = viewed[viewed.happened_at > now - pd.Timedelta(days=RECENT_DAYS)]
    ends = seen.assign(before=seen.name.shift())[seen.name == "cart_abandoned"]
    sessions = seen.drop_duplicates("session_id")
    orders = counts.get("order_completed", 0)
    return pd.concat(
        [
            counts,
            counts[["product_viewed", "review_read", "policy_read", "product_reviewed"]]
            .div(orders + 1, axis=0)
            .add_suffix("_rate"),
            (counts.review_read / counts.product_viewed.clip(lower=1)).rename("reviews_per_view"),
            _days(now - seen.groupby("customer_id").happened_at.max()).rename("last_seen"),
            sessions.groupby("customer_id").size().rename("sessions"),
            _shares(ends, "before").add_prefix("gave_up_"),
            _shares(viewed, "primary_benefit"),
            _shares(viewed, "secondary_benefit").add_prefix("second_"),
            viewed.groupby("customer_id").is_bestseller.mean().rename("bestseller_views"),
            *(
                _shares(sessions, column).add_prefix(f"{column}_")
                for column in ("source", "device", "os", "connection")
            ),
            _counts(recent, "category", "recent_"),
            _shares(recent, "category").add_prefix("recent_share_"),
        ],
        axis=1,
    )


def _mails(messages, campaigns, now):
    mails = messages.merge(campaigns[["campaign_id", "incentive"]], on="campaign_id")
    mails["incentive"] = mails.incentive.fillna("newsletter")
    mails["opened"], mails["clicked"] = mails.opened_at.notna(), mails.clicked_at.notna()
    rates = mails.pivot_table(index="customer_id", columns="incentive", values="opened", aggfunc="mean")
    clicks = mails.pivot_table(index="customer_id", columns="incentive", values="clicked", aggfunc="sum")
    recent = mails[mails.sent_at > now - pd.Timedelta(days=RECENT_DAYS)].groupby("customer_id").opened.mean()
    overall = mails.groupby("customer_id").agg(sent=("opened", "size"), opened=("opened", "mean"))
    return pd.concat([rates, clicks.add_suffix("_clicks"), recent.rename("recent"), overall], axis=1)


def _declared(customers, now):
    facts = customers.set_index("customer_id")
    words = facts[["gender", "marital_status", "education", "occupation", "income_band", "country", "density"]]
    codes = words.apply(lambda column: pd.factorize(column, sort=True)[0])
    return codes.assign(
        age=_days(now - facts.birth_date) / 365.25,
        household=facts.household_size,
        signed_up=_days(now - facts.signed_up_at),
    )
