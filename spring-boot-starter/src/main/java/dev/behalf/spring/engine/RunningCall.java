package dev.behalf.spring.engine;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/** A call while its method works: passes on what the method says, and notices a cancel. */
final class RunningCall implements EngineContext {

  private final EngineCall call;
  private final EngineAnswer answer;
  private final Thread worker = Thread.currentThread();
  private final ReentrantLock ending = new ReentrantLock();
  private volatile boolean isCancelled;
  private boolean hasEnded;

  RunningCall(EngineCall call, EngineAnswer answer) {
    this.call = call;
    this.answer = answer;
  }

  /**
   * Shows from now on that the call is alive; a connection that is closed cancels it.
   *
   * @return ends it
   */
  Thread beat(Duration pause) {
    return Thread.ofVirtual()
        .name("behalf-heartbeat")
        .start(
            () -> {
              try {
                while (!isCancelled) {
                  Thread.sleep(pause);
                  write(answer::heartbeat);
                }
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** Ends the call: its thread is not interrupted from now on. */
  void end() {
    ending.lock();
    try {
      hasEnded = true;
    } finally {
      ending.unlock();
    }
    if (isCancelled) {
      // What is done next on this thread was not cancelled.
      Thread.interrupted();
    }
  }

  private void cancel() {
    ending.lock();
    try {
      if (!hasEnded && !isCancelled) {
        isCancelled = true;
        answer.abandon();
        worker.interrupt();
      }
    } finally {
      ending.unlock();
    }
  }

  private interface Writing {
    void write() throws IOException;
  }

  private void write(Writing writing) {
    try {
      writing.write();
    } catch (IOException closed) {
      cancel();
    }
  }

  @Override
  public void progress(double fraction, String message) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("A fraction is a number from 0 to 1: " + fraction);
    }
    say("progress", body("message", message).put("fraction", fraction));
  }

  @Override
  public void output(String delta) {
    say("output", body("delta", delta));
  }

  @Override
  public void log(String message) {
    say("log", body("message", message));
  }

  @Override
  public void units(long soFar) {
    if (soFar < 0) {
      throw new IllegalArgumentException("Units are not negative: " + soFar);
    }
    write(() -> answer.units(soFar));
  }

  private void say(String name, ObjectNode body) {
    write(() -> answer.line(name, body));
  }

  private static ObjectNode body(String name, String text) {
    return Json.MAPPER.createObjectNode().put(name, text);
  }

  @Override
  public boolean isCancelled() {
    return isCancelled;
  }

  @Override
  public UUID jobId() {
    return call.jobId();
  }

  @Override
  public UUID runId() {
    return call.runId();
  }

  @Override
  public UUID userId() {
    return call.userId();
  }

  @Override
  public String environment() {
    return call.environment();
  }

  @Override
  public String operation() {
    return call.operation();
  }

  @Override
  public int attempt() {
    return call.attempt();
  }

  @Override
  public long maxUnits() {
    return call.maxUnits();
  }

  @Override
  public Instant deadline() {
    return call.deadline();
  }

  @Override
  public Optional<String> jobToken() {
    return call.token();
  }
}
