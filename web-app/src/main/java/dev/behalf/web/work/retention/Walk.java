package dev.behalf.web.work.retention;

/** A way through old jobs that remembers its place. */
interface Walk {

  /**
   * Deletes the next piece. What fails is left for the next walk, and holds up nothing behind it.
   *
   * @return whether the walk has come to its end; the next piece is the first again
   */
  boolean step();
}
