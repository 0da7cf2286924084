"""Logs as the product writes them, within one test."""

import logging
import sys
import threading


class AsBefore:
    """What `logs.start` changes in this process is put back."""

    def __enter__(self) -> None:
        root = logging.getLogger()
        self._root = (root.handlers[:], root.level, logging.raiseExceptions)
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        root.handlers[:], logging.raiseExceptions = self._root[0], self._root[2]
        root.setLevel(self._root[1])
        logging.captureWarnings(False)
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
