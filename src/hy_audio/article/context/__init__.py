"""What a line is, told from the lines beside it: one look after another, in this order."""

from collections.abc import Sequence

from hy_audio.article.context.asides import asides, pulled_quotes
from hy_audio.article.context.captions import bylines, captions, datelines
from hy_audio.article.context.furniture import dates, doubts, folios, prompts, steps, top
from hy_audio.article.context.lists import begin
from hy_audio.article.context.signatures import signatures, signed
from hy_audio.article.context.tables import tables
from hy_audio.article.marks import Marked


def in_context(marked: Sequence[Marked]) -> list[Marked]:
    """Tell the lines of a page again, each with its neighbours in sight."""
    lines = list(marked)
    for look in (
        top,
        dates,
        prompts,
        doubts,
        tables,
        steps,
        folios,
        datelines,
        captions,
        bylines,
        signatures,
        begin,
        asides,
        pulled_quotes,
        signed,
    ):
        lines = look(lines)
    return lines
