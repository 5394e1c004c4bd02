package dev.behalf.start;

/**
 * A step of processing a job that is slow the first time, because classes are initialised,
 * connections opened and catalogues read. It runs once, without a job, before the service reports
 * that it is ready, so that the first requests need not wait for it.
 */
@FunctionalInterface
public interface WarmUp {

  /** Runs the step. It stores nothing. */
  void warmUp() throws Exception;
}
