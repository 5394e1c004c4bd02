"""A worker for Behalf in Python, on RabbitMQ or the embedded broker. Its contract: docs/workers.md."""
from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Callable, List, Mapping

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError

from attempt import Attempt, Keys, Servers
from contract import KeyRing, Rejected, read, utc
from publisher import CONFIRM_WITHIN, InFlight, Publisher, backoff

FOR_OUTCOMES = 5.0  # seconds to confirm the last outcomes after the last call has ended
log = logging.getLogger("behalf.worker")
logging.getLogger("pika").setLevel(logging.CRITICAL)  # its lines quote frames, and frames hold payloads


@dataclass(frozen=True)
class Settings:
    broker: str = field(repr=False)
    message_secrets: str = field(repr=False)
    servers: Servers
    live: int = 64
    test: int = 16

    @staticmethod
    def of(env: Mapping[str, str]) -> Settings:
        def seconds(name: str, usual: str) -> float:
            return float(env.get(name, usual).rstrip("s"))

        servers = Servers(
            env["BEHALF_LOOKUP_URL"],
            env["BEHALF_COMPUTE_URL"],
            env["BEHALF_LOOKUP_SECRETS"],
            seconds("BEHALF_CONNECTTIMEOUT", "2s"),
            seconds("BEHALF_CALLTIMEOUT", "30s"),
            seconds("BEHALF_KEYMAXAGE", "60s"),
        )
        live, test = int(env.get("BEHALF_CONCURRENCY_LIVE", 64)), int(env.get("BEHALF_CONCURRENCY_TEST", 16))
        return Settings(env["BEHALF_BROKER_URL"], env["BEHALF_MESSAGE_SECRETS"], servers, live, test)

    def connect(self) -> pika.BlockingConnection:
        parameters = pika.URLParameters(self.broker)
        parameters.heartbeat = 5  # a broker that vanished is noticed within 10 s
        parameters.socket_timeout = parameters.stack_timeout = 5
        parameters.blocked_connection_timeout = CONFIRM_WITHIN
        connection = pika.BlockingConnection(parameters)
        # The embedded broker of `behalf up` can do both, and does not announce it as pika expects.
        for capability in ("publisher_confirms", "basic.nack"):
            connection._impl.server_capabilities.setdefault(capability, True)
        return connection


class Worker:
    """Consumes both queues, runs each job on a thread, and acknowledges it after its outcome is confirmed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ring = KeyRing(settings.message_secrets)
        self._keys = Keys(settings.servers)
        self._in_flight = InFlight()
        self._publisher = Publisher(settings.connect, self._ring, self._in_flight)
        self._stop = threading.Event()

    def stop(self) -> None:
        """Lets run() take no more jobs, finish those it has, and return."""
        self._stop.set()

    def run(self) -> None:
        self._publisher.start()
        failures = 0
        while not self._stop.is_set():
            try:
                with self._settings.connect() as connection:
                    subscription = Subscription(self, connection)
                    subscription.start("jobs.live", self._settings.live)
                    subscription.start("jobs.test", self._settings.test)
                    failures = 0
                    subscription.serve(self._stop)
                    subscription.finish(self._settings.servers.call_timeout + FOR_OUTCOMES)
            except (AMQPError, OSError) as gone:
                if not failures:
                    log.warning("Subscription lost, retrying: %s", type(gone).__name__)
                failures += 1
                self._stop.wait(backoff(failures))
        self._publisher.stop()

    def handle(self, body: bytes, headers: Mapping[str, Any], taken: datetime) -> bool:
        """Handles a message, and returns whether the broker has confirmed what is to be said of it."""
        self._in_flight.add(1, 0)
        answered = False
        try:
            message = read(body, headers, self._ring)
            if isinstance(message, Rejected):
                self._reject(body, message)
            else:
                outcome = Attempt(message, self._keys, self._settings.servers, taken).outcome()
                self._publisher.outcome(outcome)
                verdict = outcome["verdict"]
                told = message.job_id, message.attempt, verdict["kind"], verdict.get("code", "")
                log.info("Job %s, attempt %d: %s %s", *told)
            answered = True
        except Exception as failed:  # the top of the thread; the message may hold a user's text: no trace of it
            log.warning("Message requeued at the broker: %s", type(failed).__name__)
            time.sleep(1)  # the cause, usually a broker that accepts nothing, would make a retry fail at once
        finally:
            self._in_flight.add(-1, 1 if answered else 0)
        return answered

    def _reject(self, body: bytes, message: Rejected) -> None:
        self._publisher.dead_letter(body, message.reason)
        if message.outcome:
            self._publisher.outcome(message.outcome)
        log.warning("Message dead-lettered: %s", message.reason)


class Subscription:
    """The deliveries of one connection. Only the thread that serves it touches the connection."""

    def __init__(self, worker: Worker, connection: pika.BlockingConnection) -> None:
        self._worker, self._connection = worker, connection
        self._channels: List[BlockingChannel] = []
        self._cancelled = threading.Event()
        self._unsettled = 0

    def start(self, name: str, at_once: int) -> None:
        channel = self._connection.channel()
        channel.basic_qos(prefetch_count=at_once)
        channel.add_on_cancel_callback(lambda frame: self._cancelled.set())  # the queue was deleted
        channel.basic_consume(name, self._take)
        self._channels.append(channel)

    def serve(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._connection.process_data_events(0.5)
            if self._cancelled.is_set() or not all(channel.is_open for channel in self._channels):
                raise AMQPError("the consumer was cancelled")

    def finish(self, patience: float) -> None:
        """Takes no more messages, and waits for those that have been taken."""
        for channel in self._channels:
            for tag in list(channel.consumer_tags):
                channel.basic_cancel(tag)
        deadline = time.monotonic() + patience
        while self._unsettled and time.monotonic() < deadline:
            self._connection.process_data_events(0.1)

    def _take(self, channel: BlockingChannel, method: Any, properties: Any, body: bytes) -> None:
        self._unsettled += 1
        arguments = channel, method.delivery_tag, body, properties.headers or {}, utc()
        threading.Thread(target=self._run, args=arguments, daemon=True).start()  # as many as are prefetched

    def _run(self, channel: BlockingChannel, tag: int, *message: Any) -> None:
        answered = self._worker.handle(*message)
        settle = partial(channel.basic_ack, tag) if answered else partial(channel.basic_nack, tag, requeue=True)
        try:
            self._connection.add_callback_threadsafe(partial(self._settle, channel, settle))
        except AMQPError:
            pass  # the broker redelivers the messages of a closed connection

    def _settle(self, channel: BlockingChannel, settle: Callable[[], None]) -> None:
        self._unsettled -= 1
        if channel.is_open:
            settle()


def main() -> None:
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    worker = Worker(Settings.of(os.environ))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    log.info("Worker started")
    worker.run()
    log.info("Worker stopped")


if __name__ == "__main__":
    main()
