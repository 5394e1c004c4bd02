package dev.behalf.server.start;

/**
 * A part of the way of a job that is slow the first time, because classes are initialised,
 * statements planned and connections opened. It runs once with nothing to do, before the service
 * reports that it is ready, so that no user's job waits for it.
 */
@FunctionalInterface
public interface WarmUp {

  /** Runs the part. It stores nothing, and its failure does not stop the start. */
  void warmUp() throws Exception;
}
