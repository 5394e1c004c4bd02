package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.JobResult;

/** Computes one operation. An engine keeps nothing about a user and gives the same answer again. */
interface Engine {

  Operation operation();

  /** What a job costs, known before it is computed. */
  long units(JobPayload payload);

  /** The result, to be written as JSON. */
  JobResult run(JobPayload payload);
}
