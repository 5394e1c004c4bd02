package dev.behalf.compute.engines;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.JobPayload.Operation;
import dev.behalf.contract.JobResult;

/** Computes one operation. An engine is deterministic and stores nothing about users. */
interface Engine {

  Operation operation();

  /** Returns the cost of a job in units, which is known before the job is computed. */
  long units(JobPayload payload);

  /** Returns the result, which is written as JSON. */
  JobResult run(JobPayload payload);
}
