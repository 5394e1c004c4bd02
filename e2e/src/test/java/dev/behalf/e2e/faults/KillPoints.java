package dev.behalf.e2e.faults;

import static dev.behalf.testkit.faults.FaultySystem.COMPUTE;
import static dev.behalf.testkit.faults.FaultySystem.WEB;
import static dev.behalf.testkit.faults.FaultySystem.WORKER;

import dev.behalf.testkit.faults.FailPoint;
import java.util.List;

/** The named points of a job's way at which a process is killed. */
final class KillPoints {

  private static final String JOBS = "dev.behalf.web.work.jobs.";
  private static final String DISPATCH = "dev.behalf.web.work.dispatch.";
  private static final String OUTCOMES = "dev.behalf.web.work.outcomes.";
  private static final String WORK = "dev.behalf.worker.";
  private static final String SERVER = "dev.behalf.compute.";

  private static final String RUNS = SERVER + "runs.";

  private static final boolean START = false;
  private static final boolean END = true;

  static final List<FailPoint> ALL =
      List.of(
          point("a job is stored, before the commit", WEB, JOBS + "SubmissionRows", "insert", END),
          point("a job is stored, after the commit", WEB, JOBS + "Submissions", "submit", END),
          point(
              "jobs are taken, before they are published",
              WEB,
              DISPATCH + "FairQueue",
              "take",
              END),
          point(
              "a job is published, before its confirm",
              WEB,
              DISPATCH + "JobPublisher",
              "send",
              END),
          point(
              "jobs are confirmed, before they are looked at",
              WEB,
              DISPATCH + "JobPublisher",
              "publish",
              END),
          point("jobs are confirmed, before the commit", WEB, DISPATCH + "Dispatcher", "take", END),
          point("outcomes are taken, before the commit", WEB, OUTCOMES + "Settler", "write", END),
          point("outcomes are stored, before the ack", WEB, OUTCOMES + "Settler", "settle", END),
          point(
              "a job is taken, before the look-up",
              WORKER,
              WORK + "consume.JobConsumer",
              "run",
              START),
          point(
              "the key is found, before the call",
              WORKER,
              WORK + "compute.ComputeClient",
              "call",
              START),
          point(
              "the call is answered, before the outcome",
              WORKER,
              WORK + "compute.ComputeClient",
              "call",
              END),
          point(
              "the outcome is said, before the ack",
              WORKER,
              WORK + "report.OutcomePublisher",
              "send",
              END),
          point(
              "a result is stored, before the commit",
              COMPUTE,
              SERVER + "charges.Charges",
              "decideAndWrite",
              END),
          point(
              "a result is stored, before the response",
              COMPUTE,
              SERVER + "jobs.ComputeJobs",
              "run",
              END));

  /** The points of a run. */
  static final List<FailPoint> OF_RUNS =
      List.of(
          point("a run is opened, before the commit", COMPUTE, RUNS + "RunRows", "open", END),
          point("a run is opened, before the response", COMPUTE, RUNS + "Runs", "start", END),
          point("a run has ended, before the commit", COMPUTE, RUNS + "RunRows", "end", END),
          point("a run has ended, after the commit", COMPUTE, RUNS + "RunEnds", "end", END),
          point(
              "the end of a run is read, before the commit",
              WEB,
              OUTCOMES + "Settler",
              "writeRuns",
              END),
          point("the end of a run is settled", WEB, OUTCOMES + "Settler", "settleRuns", END));

  private KillPoints() {}

  private static FailPoint point(
      String name, String service, String className, String method, boolean atEnd) {
    return new FailPoint(name, service, className, method, atEnd);
  }
}
