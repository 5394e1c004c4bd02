package dev.behalf.start;

/**
 * A part of the way of a job that is slow the first time, because classes are initialised,
 * connections opened and catalogues read. It runs once with nothing to do before the service
 * reports that it is ready, so that the first requests need not wait for it.
 */
@FunctionalInterface
public interface WarmUp {

  /** Runs the part, and stores nothing. */
  void warmUp() throws Exception;
}
