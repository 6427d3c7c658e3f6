"""Options that more than one command has."""

import click

captions = click.option("--captions", type=click.Choice(["read", "skip"]), help="Picture captions.")
title = click.option("--title", default="", help="Title instead of the printed headline.")
say = click.option(
    "--say",
    "said",
    metavar="词=读音",
    multiple=True,
    help="How a word is said: 长回路=chang2hui2lu4, or R&D=研发. May be repeated.",
)
store = click.option(
    "--store", metavar="URL", help="Clips shared by several machines: s3://bucket/folder."
)
encoding = click.option("--encoding", metavar="NAME", help="Encoding of SOURCE, if not detected.")
allow_private = click.option(
    "--allow-private", is_flag=True, help="Let a URL lead to a private or local address."
)
proxy = click.option(
    "--proxy", metavar="URL", default="", help="Proxy for online voices; default: environment."
)
device = click.option(
    "--device", metavar="NAME", default="", help="What the embedded voice runs on; default: cpu."
)
as_json = click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
