"""Cutting text into words. The only file that knows jieba (T-24).

jieba's own start-up is not used: it keeps its cache in the folder for temporary files, where everybody
may write, and prints to the terminal.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from classifier.dictionary_cache import DictionaryCache

#: A word with its first character's place and the place after its last.
Token = tuple[str, int, int]


class Segmenter:
    """jieba in search mode without its guesses at new words (HMM). Read-only once it has its words, so thread-safe."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, words: Iterable[str], cache_dir: Path | None = None) -> Segmenter:
        """Takes about 1 s, with a cache half of it, and 80 MB: call it off the event loop.

        Every one of `words` will be cut out as a word.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba 0.42 predates raw strings and knows pkg_resources
            import jieba  # noqa: PLC0415  only a process that classifies pays for it
        tokenizer = jieba.Tokenizer()
        cache = DictionaryCache(cache_dir, jieba.__version__) if cache_dir else None
        frequencies = cache.read() if cache else None
        if frequencies is None:
            frequencies = tokenizer.gen_pfdict(tokenizer.get_dict_file())
            if cache:
                cache.keep(frequencies)
        tokenizer.FREQ, tokenizer.total = frequencies
        tokenizer.initialized = True
        segmenter = cls(tokenizer)
        segmenter.teach(words)
        return segmenter

    def teach(self, words: Iterable[str]) -> None:
        """Cut out each of `words` from now on. Only before other threads cut."""
        for word in sorted(words):
            self._tokenizer.add_word(word)

    def cut(self, text: str) -> Iterator[Token]:
        """Every word of a folded text, and the shorter words inside of the long ones."""
        tokens: Iterator[Token] = self._tokenizer.tokenize(text, mode="search", HMM=False)
        return tokens
