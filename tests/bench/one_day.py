"""`python -m tests.bench.one_day DATA`: what the worker does on a new day, once."""

import json
import sys
import time
from datetime import UTC, datetime
from datetime import time as time_of_day
from threading import Event

from connector.casework import Desk
from connector.clock import Clock, Duties, open_follow_ups
from connector.dispatch import Dispatcher
from connector.profiles import load, packaged_folder
from connector.settings import Settings
from connector.store import Store

from .stored import DAY


def main() -> None:
    """Open what is due and print how much, in how many seconds."""
    settings = Settings.from_environment()
    noon = datetime.combine(DAY, time_of_day(12), UTC)
    configuration = load(packaged_folder())
    with Store.open(settings.database_url, settings.vault) as store:
        desk = Desk(store, configuration, configuration.working, lambda: noon)
        dispatcher = Dispatcher(store, {}, lambda content: b"", lambda: noon)
        ours = Duties(store, dispatcher, desk, lambda: 0, lambda: None, lambda: noon)
        began = time.perf_counter()
        opened = open_follow_ups(Clock(ours, Event()))
        seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"opened": opened, "seconds": seconds}))


if __name__ == "__main__":
    main()
