"""Act: reach the customers of a segment, and hand tables on without telling on anybody."""

from segkit.act.audience import Audience, audience
from segkit.act.files import Written, write_csv
from segkit.act.sharing import share_table

__all__ = ["Audience", "Written", "audience", "share_table", "write_csv"]
