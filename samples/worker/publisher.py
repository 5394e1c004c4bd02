"""Publishes what a worker says: outcomes, dead letters and heartbeats."""
from __future__ import annotations

import os
import queue
import random
import socket
import threading
import time
import uuid
from concurrent.futures import Future
from typing import Callable, Dict, List, Optional

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, NackError, UnroutableError

from contract import MAX_MESSAGE, MAX_OUTCOMES, SIGNATURE, KeyRing, Outcome, iso, to_json, utc

VERSION = "python-1"  # of this worker, for the operators' page
CONFIRM_WITHIN = 10.0  # seconds
HEARTBEAT_EVERY = 5.0
PERSISTENT, TRANSIENT = 2, 1


class InFlight:
    """Counts the jobs that this process has in flight, and those that it has answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = self.done = 0

    def add(self, now: int, done: int) -> None:
        with self._lock:
            self.now += now
            self.done += done


class Letter:
    """What waits to be published: an outcome, or a dead letter with its reason."""

    def __init__(self, body: bytes, reason: Optional[str] = None) -> None:
        self.body, self.reason = body, reason
        self.confirmed: Future[None] = Future()


class Publisher:
    """Publishes outcomes, dead letters and heartbeats, on a thread and a connection of its own: a broker
    that blocks publishers, because it is short of memory, still accepts acknowledgements."""

    def __init__(self, connect: Callable[[], pika.BlockingConnection], ring: KeyRing, in_flight: InFlight) -> None:
        self._connect, self._ring, self._in_flight = connect, ring, in_flight
        self._letters: queue.Queue[Letter] = queue.Queue(10_000)
        self._next: Optional[Letter] = None  # the one that did not fit into the previous message
        self._id, self._started_at, self._next_beat = str(uuid.uuid4()), utc(), time.monotonic() + 1
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(CONFIRM_WITHIN)

    def outcome(self, outcome: Outcome) -> None:
        """Returns when the broker has confirmed the outcome; raises an exception if it has not."""
        self._confirm(Letter(to_json(outcome)))

    def dead_letter(self, body: bytes, reason: str) -> None:
        self._confirm(Letter(body, reason))

    def _confirm(self, letter: Letter) -> None:
        self._letters.put(letter, timeout=CONFIRM_WITHIN)
        try:
            letter.confirmed.result(CONFIRM_WITHIN)
        finally:
            letter.confirmed.cancel()  # if it still waits: the job is delivered again

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                with self._connect() as connection:
                    channel = connection.channel()
                    channel.confirm_delivery()
                    failures = 0
                    while not self._stop.is_set():
                        self._beat_if_due(channel)
                        self._send(channel, self._batch())
                        connection.process_data_events(0)
            except (AMQPError, OSError) as gone:
                while self._letters.qsize() or self._next:
                    for letter in self._batch():
                        letter.confirmed.set_exception(gone)
                failures += 1
                self._stop.wait(backoff(failures))

    def _batch(self) -> List[Letter]:
        """Returns one dead letter, or the outcomes that wait, as many as one message holds."""
        batch: List[Letter] = []
        size = 64  # bytes of the envelope
        while len(batch) < MAX_OUTCOMES:
            try:
                letter = self._next or self._letters.get(not batch, 0.1)
            except queue.Empty:
                break
            if letter is not self._next and not letter.confirmed.set_running_or_notify_cancel():
                continue
            size += len(letter.body) + 1
            self._next = letter if batch and (letter.reason or size > MAX_MESSAGE) else None
            if self._next:
                break
            batch.append(letter)
            if letter.reason:
                break
        return batch

    def _send(self, channel: BlockingChannel, batch: List[Letter]) -> None:
        try:
            if batch and batch[0].reason:
                self._publish(channel, "", "jobs.dead", batch[0].body, {"behalf-reason": batch[0].reason})
            elif batch:
                body = b'{"v":2,"outcomes":[' + b",".join(letter.body for letter in batch) + b"]}"
                sealed = {SIGNATURE: self._ring.seal(body)}
                self._publish(channel, "behalf.outcomes", "job-outcomes", body, sealed)
        except (AMQPError, OSError) as refused:
            for letter in batch:
                letter.confirmed.set_exception(refused)
            if not isinstance(refused, (NackError, UnroutableError)):
                raise
        else:
            for letter in batch:
                letter.confirmed.set_result(None)

    @staticmethod
    def _publish(
        channel: BlockingChannel, exchange: str, key: str, body: bytes, headers: Dict[str, str],
        mode: int = PERSISTENT,
    ) -> None:
        """Returns when the broker has confirmed the message; raises if no queue takes a persistent one."""
        properties = pika.BasicProperties("application/json", headers=headers, delivery_mode=mode)
        channel.basic_publish(exchange, key, body, properties, mandatory=mode == PERSISTENT)

    def _beat_if_due(self, channel: BlockingChannel) -> None:
        if time.monotonic() >= self._next_beat:
            self._next_beat = time.monotonic() + HEARTBEAT_EVERY
            name = f"{os.getpid()}@{socket.gethostname()}"
            body = to_json({
                "v": 1, "worker": self._id, "name": name, "version": VERSION, "started_at": iso(self._started_at),
                "sent_at": iso(utc()), "in_hand": self._in_flight.now, "done": self._in_flight.done,
            })
            self._publish(channel, "", "worker-heartbeats", body, {SIGNATURE: self._ring.seal(body)}, TRANSIENT)


def backoff(failures: int) -> float:
    """Returns how long to wait for the broker, in seconds: at random, so that workers do not return at once."""
    return random.uniform(0.25, min(10.0, 0.5 * 2 ** min(failures, 6)))
