"""The online voice service as a process of its own, for tests: `python -m service --help`.

It speaks the protocol of the real one over TLS, answers with real MP3, and breaks where it is told
to. The unmodified client reaches it through its proxy, which leads the real host name here, and
trusts it because `trust/certifi` stands before certifi on the path (or see `client.trusting`).
"""
