"""A show and items, made up, for tests that look at what becomes of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hy_audio.publish.model import Frequency, Item, Person, Resource, Show
from hy_audio.stitch.model import Chapter

URL = "https://audio.example/podcast/"
COVER = Resource(f"{URL}cover-0123456789ab.jpg", 200_000, "image/jpeg")
CHINA = timezone(timedelta(hours=8))

SHOW = Show(
    name="云溪早班车",
    description="每天早上，把《云溪日报》读给你听。",
    url=URL,
    language="zh-cn",
    categories=(("News", "Daily News"), ("Society & Culture", "Places & Travel"), ("Government",)),
    author="云溪日报社",
    owner="云溪日报社音频部",
    email="radio@yunxi.example",
    explicit=False,
    guid="9b024349-ccf0-5f69-a609-6b82873eab3c",
    image=COVER,
    timezone="Asia/Shanghai",
    copyright="云溪日报",
    locked=True,
    frequency=Frequency("FREQ=DAILY", "每天"),
    subscribe=(("小宇宙", "https://fm.example/podcast/1"),),
)


def item(n: int = 1, **changes: Any) -> Item:
    """The n-th item of the show, in order of time; one of two was corrected."""
    folder = f"{URL}2026-{n:05}/"
    made = Item(
        guid=f"00000000-0000-5000-8000-{n:012}",
        link=f"{folder}index.html",
        title=f"第{n}号新闻：早班车“进”村了",
        author="本报记者 林晓",
        published=datetime(2026, 1, 1, 6, tzinfo=CHINA) + timedelta(hours=n),
        updated=None if n % 2 else datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC),
        description=f"<p>摘要{n}</p>\n<p>\n00:00:00 开场<br />\n00:00:12 导语<br />\n</p>",
        content=f"<p>摘要{n}，更长。</p>",
        audio=Resource(f"{folder}2026-{n:05}-0123456789ab.mp3", 1_000_000 + n, "audio/mpeg"),
        duration_s=61,
        image=COVER.url,
        chapters_file=Resource(
            f"{folder}chapters-0123456789ab.json", 500, "application/json+chapters"
        ),
        chapters=(
            Chapter(0, 12_024, "开场"),
            Chapter(12_024, 40_000, "导语"),
            Chapter(40_000, 61_200, "问与答"),
        ),
        transcripts=(
            Resource(f"{folder}transcript-0123456789ab.vtt", 600, "text/vtt"),
            Resource(f"{folder}transcript-ba9876543210.srt", 700, "application/x-subrip"),
        ),
        persons=(Person("林晓", "reporter"), Person("陈默", "photographer")),
        season=2026,
        number=n,
        explicit=False,
        revision=3 if n % 2 == 0 else 1,
        first_revision=1,
        seal="0123456789ab",
        origin="00000000-0000-5000-8000-000000000001",
        made_by="ba9876543210",
    )
    return replace(made, **changes)
