"""The categories of Apple Podcasts, in its spelling.

Source: Apple Podcasts categories (podcasters.apple.com/support/1691).
"""

from difflib import get_close_matches

CATEGORIES: dict[str, tuple[str, ...]] = {
    "Arts": (*("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),),
    "Business": (
        *("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
    ),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": (
        *("Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"),
    ),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        *("Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies"),
        *("Home & Garden", "Video Games"),
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        *("Business News", "Daily News", "Entertainment News", "News Commentary", "Politics"),
        *("Sports News", "Tech News"),
    ),
    "Religion & Spirituality": (
        *("Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"),
    ),
    "Science": (
        *("Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics"),
        *("Natural Sciences", "Nature", "Physics", "Social Sciences"),
    ),
    "Society & Culture": (
        *("Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"),
    ),
    "Sports": (
        *("Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey"),
        *("Rugby", "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness"),
        "Wrestling",
    ),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    "Technology": (),
    "True Crime": (),
}
"""Each with those within it."""


def category(text: str) -> tuple[str, ...]:
    """A category, and one within it, from `News > Daily News`.

    Raises:
        ValueError: there is none; it says which is meant perhaps.
    """
    names = tuple(part.strip() for part in text.split(">"))
    known = [CATEGORIES, CATEGORIES.get(names[0], ())]
    for name, level in zip(names, known, strict=False):
        if name not in level:
            within = [sub for subs in CATEGORIES.values() for sub in subs]
            near = get_close_matches(name, [*level, *CATEGORIES, *within], n=1)
            raise ValueError(f"{text!r} is not of Apple's list; {_meant(near)}")
    if len(names) > len(known):
        raise ValueError(f"{text!r} has more than two levels")
    return names


def _meant(near: list[str]) -> str:
    if not near:
        return f"take one of {', '.join(CATEGORIES)}"
    above = next((top for top, subs in CATEGORIES.items() if near[0] in subs), "")
    return f"did you mean {above} > {near[0]}?" if above else f"did you mean {near[0]}?"
