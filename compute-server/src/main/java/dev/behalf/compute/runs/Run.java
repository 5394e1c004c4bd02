package dev.behalf.compute.runs;

import dev.behalf.compute.quota.Holds;

/**
 * A run: one time that a replica has taken the job of a long operation.
 *
 * @param epoch how often the job was taken, with this time; only the latest can end the job
 * @param lost how many replicas in a row have died with the job before
 */
record Run(Holds.Work work, int epoch, int lost) {

  @Override
  public String toString() {
    return "run " + epoch + " of job " + work.jobId();
  }
}
