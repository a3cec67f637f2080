"""A worker of its own process that lives on another day: a year passes in a minute."""

import sys
from datetime import datetime

import time_machine

if __name__ == "__main__":
    _here, day, *arguments = sys.argv
    time_machine.travel(datetime.fromisoformat(day), tick=True).start()
    sys.argv = ["celery", *arguments]
    from celery.__main__ import main

    main()
