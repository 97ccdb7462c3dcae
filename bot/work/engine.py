"""The only place that knows DBOS Transact: it runs jobs from a queue and remembers what each of their steps gave.

Only its public functions are used, and nothing of it is imported before `launch`. It is one to a process.
"""

import contextvars
import logging
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from bot.errors import BotError
from bot.work.model import Held
from bot.work.store import SCHEMA

if TYPE_CHECKING:
    from dbos import DBOSConfig

T = TypeVar("T")

QUEUE = "work"
POLL = 0.5  # seconds between two looks into the queue
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
AT_ONCE = 500  # jobs forgotten in one transaction

_the_one = threading.Lock()  # held while an engine runs: a second would quietly be the first


class Stopped(BaseException):
    """This process ends, or another has the job by now: it goes on there, after its last step."""


class Engine:
    """`url`: its database. `owner`: the name of this process. `threads`: jobs that run at the same time."""

    def __init__(self, url: str, owner: str, threads: int) -> None:
        self._url = url
        self._owner = owner
        self._threads = threads
        self.launched = False
        self._job: Callable[[str], None] | None = None

    def launch(self, carry_out: Callable[[str], None]) -> None:
        """Start it: makes its tables, starts its threads, and calls `carry_out` with the id of each job that is due."""
        from dbos import DBOS

        if not _the_one.acquire(blocking=False):
            raise RuntimeError("an engine runs in this process already, and there is only one to a process")
        # It would set up a console of its own if there were nobody to listen; so its words go where all others go.
        said = logging.getLogger("dbos")
        if not said.handlers:
            said.addHandler(logging.NullHandler())
        try:
            DBOS(config=self._config())

            @DBOS.workflow(name="job", max_recovery_attempts=None)
            def job(job_id: str) -> None:
                carry_out(job_id)

            DBOS.launch()
            DBOS.register_queue(
                QUEUE, worker_concurrency=self._threads, polling_interval_sec=POLL, on_conflict="always_update"
            )
        except BaseException:
            self.stop()
            raise
        self._job = job
        self.launched = True

    def _config(self) -> "DBOSConfig":
        from dbos import DBOSPortableJSONSerializer

        return {
            "name": "paceline",
            "system_database_url": self._url,
            "dbos_system_schema": SCHEMA,
            "executor_id": self._owner,
            # Always the same: what was begun before an update is to go on after it.
            "application_version": "1",
            # Its usual one is pickle, which runs what it reads.
            "serializer": DBOSPortableJSONSerializer(),
            "db_engine_kwargs": {"hide_parameters": True},
            "sys_db_pool_size": 8,
            "log_level": "WARNING",
            "enable_otlp": False,
        }

    def enqueue(self, job_id: str) -> None:
        """Hand a job over; of no effect when it has it."""
        from dbos import DBOS, SetWorkflowID

        assert self._job is not None
        with SetWorkflowID(job_id):
            DBOS.enqueue_workflow(QUEUE, self._job, job_id)

    def held(self, job_ids: Collection[str]) -> Mapping[str, Held]:
        """How it has these jobs; those that it does not know are absent."""
        from dbos import DBOS

        found = DBOS.list_workflows(workflow_ids=list(job_ids), load_input=False, load_output=False)
        return {one.workflow_id: Held(one.status, one.executor_id or "") for one in found}

    def resume(self, job_ids: Collection[str]) -> None:
        """Queue jobs again whose process is gone; they go on after the last step that is remembered."""
        from dbos import DBOS

        DBOS.resume_workflows(list(job_ids), queue_name=QUEUE)

    def steps(self, job_id: str) -> int:
        """How many steps of a job are remembered."""
        from dbos import DBOS

        return len(_outside(lambda: DBOS.list_workflow_steps(job_id, load_output=False)))

    def step(self, label: str, call: Callable[[], str]) -> str:
        """What `call` gives, or gave when the job was here before. Called by a job, in its own thread.

        Raises `BotError` when another step was here before, `Stopped` when another process has the job by now.
        """
        from dbos import DBOS, error

        if DBOS.workflow_id is None:
            raise RuntimeError("a step belongs in the thread of its job")
        try:
            return DBOS.run_step({"name": label}, call)
        except (error.DBOSWorkflowConflictIDError, error.DBOSWorkflowCancelledError) as fault:
            raise Stopped from fault
        except error.DBOSUnexpectedStepError as fault:
            raise BotError("It was begun by another version of Paceline and cannot go on. Begin it again.") from fault

    def forget(self, before: datetime) -> None:
        """Drop what ended before then."""
        from dbos import DBOS

        def some() -> bool:
            old = DBOS.list_workflows(
                status=ENDED,
                completed_before=before.isoformat(),
                limit=AT_ONCE,
                load_input=False,
                load_output=False,
            )
            DBOS.delete_workflows([one.workflow_id for one in old])
            return len(old) == AT_ONCE

        while _outside(some):
            pass

    def stop(self) -> None:
        """End its threads, within a second or two. What it has not finished, the next one goes on with."""
        from dbos import DBOS

        self.launched = False
        self._job = None
        DBOS.destroy(destroy_registry=True)
        _the_one.release()


def _outside(call: Callable[[], T]) -> T:
    """Call it as if no job were running here: inside one, whatever is asked of the engine counts as a step."""
    return contextvars.Context().run(call)
