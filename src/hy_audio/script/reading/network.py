"""g2pM: a small network that reads a polyphone by the sentence around it.

Its weights and cells are the library's; they are called here for many sentences at a time. A
sentence's answer does not depend on its company: every step multiplies matrices of one size in
double precision (in single precision a row's last bits depend on the rows around it), and the
backward pass begins at the sentence's own end, so padding comes after it in both.
"""

import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROWS = 32
"""Sentences in a batch; a smaller batch is filled up, so that all matrices have one size.

Matrices of this size are multiplied on one core: two builds at a time don't slow each other."""
_BEGIN, _END, _UNKNOWN = "시", "끝", "<UNK>"


class Network:
    """The loaded model."""

    def __init__(self) -> None:
        from g2pM import G2pM  # reads its weights: a sixth of a second

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its files to be collected
            self._model: Any = G2pM()
        for name, weights in vars(self._model).items():
            if isinstance(weights, np.ndarray):
                setattr(self._model, name, weights.astype(np.float64))
        classes: dict[str, int] = {name: n for n, name in self._model.idx2class.items()}
        self._choices = {
            character: {_plain(name): classes[name] for name in names if name in classes}
            for character, names in self._model.cedict.items()
            if len(names) > 1
        }
        self._sole = {
            character: _plain(names[0])
            for character, names in self._model.cedict.items()
            if len(names) == 1
        }

    @property
    def choices(self) -> Mapping[str, Mapping[str, int]]:
        """The polyphones it can tell apart: the readings of each, and their classes."""
        return self._choices

    @property
    def sole(self) -> Mapping[str, str]:
        """The reading of every character that has one only."""
        return self._sole

    def read(self, texts: Sequence[str], places: Sequence[Sequence[int]]) -> list[dict[int, str]]:
        """Read the polyphones at `places` of each text.

        Returns:
            For each text the reading of each place; always one that the character has.
        """
        logits = self.logits(texts, places)
        return [
            {
                place: max(choices, key=lambda name: row[choices[name]])
                for place, row in zip(where, rows, strict=True)
                if (choices := self._choices[text[place]])
            }
            for text, where, rows in zip(texts, places, logits, strict=True)
        ]

    def logits(
        self, texts: Sequence[str], places: Sequence[Sequence[int]]
    ) -> list[NDArray[np.float64]]:
        """What the network's last layer says of each place: float64, places by classes."""
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        answers: list[NDArray[np.float64]] = [np.empty((0, 0), np.float64)] * len(texts)
        for start in range(0, len(order), ROWS):
            batch = order[start : start + ROWS]
            states = self._states([texts[n] for n in batch])
            for row, n in enumerate(batch):
                hidden = [states[row, place + 1] for place in places[n]]
                answers[n] = np.stack([self._model.fc_layer(one[None])[0] for one in hidden])
        return answers

    def _states(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Hidden states of both directions: rows by (characters + 2) by 64."""
        index = self._model.char2idx
        rows = [[index[c] if c in index else index[_UNKNOWN] for c in text] for text in texts]
        rows = [[index[_BEGIN], *row, index[_END]] for row in rows]
        forward = self._run(self._model.fw_lstm_cell, rows)
        backward = self._run(self._model.bw_lstm_cell, [row[::-1] for row in rows])
        for n, row in enumerate(rows):
            backward[n, : len(row)] = backward[n, : len(row)][::-1].copy()
        return np.concatenate([forward, backward], axis=2)

    def _run(self, cell: Any, rows: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        length = max(map(len, rows))
        padded = np.zeros((ROWS, length), np.int32)
        for n, row in enumerate(rows):
            padded[n, : len(row)] = row
        width = self._model.weight_hh.shape[1]
        state = (np.zeros((ROWS, width), np.float64), np.zeros((ROWS, width), np.float64))
        hidden = np.empty((ROWS, length, width), np.float64)
        for step in range(length):
            state = cell(self._model.get_embedding(padded[:, step]), state)
            hidden[:, step] = state[0]
        return hidden


def _plain(name: str) -> str:
    """g2pM's spelling in ours: `lu:4` is lv4, `r5` is er5."""
    return "er5" if name == "r5" else name.replace("u:", "v")


@lru_cache(maxsize=1)
def network() -> Network:
    """The model, loaded when first asked for."""
    return Network()
