package dev.behalf.operation;

/** How an operation is run. */
public sealed interface Run {

  /** The engine answers within the call. */
  record Quick() implements Run {}

  /**
   * The work goes on after the call, for up to a day.
   *
   * @param chargesOnCancel whether a cancelled job costs what its engine has reported until then
   */
  record LongRun(boolean chargesOnCancel) implements Run {}
}
