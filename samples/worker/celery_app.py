"""A Celery application whose worker process also runs Behalf's worker: celery -A celery_app worker"""
import os
import threading

from celery import Celery, bootsteps

from worker import Settings, Worker

app = Celery("tasks", broker=os.environ["CELERY_BROKER_URL"])


class BehalfStep(bootsteps.StartStopStep):
    """Starts and stops the worker with Celery, in the main process, on connections of its own."""

    def start(self, parent):
        self._worker = Worker(Settings.of(os.environ))
        self._thread = threading.Thread(target=self._worker.run, name="behalf")
        self._thread.start()

    def stop(self, parent):  # after SIGTERM, once Celery's own tasks have ended
        self._worker.stop()
        self._thread.join()


app.steps["worker"].add(BehalfStep)


@app.task
def add(x, y):
    return x + y
