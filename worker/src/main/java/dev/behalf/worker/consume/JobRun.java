package dev.behalf.worker.consume;

import dev.behalf.contract.Hop;
import dev.behalf.contract.Hop.Station;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.JobOutcome.Started;
import dev.behalf.contract.JobOutcome.Succeeded;
import dev.behalf.contract.JobOutcome.Verdict;
import dev.behalf.contract.ProblemCode;
import dev.behalf.worker.compute.ComputeAnswer;
import dev.behalf.worker.compute.ComputeClient;
import dev.behalf.worker.secrets.ManagedKey;
import dev.behalf.worker.secrets.SecretLookup;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.MDC;

/** One attempt of one job: finds the key, calls compute-server and interprets the answer. */
final class JobRun {

  private final JobMessage job;
  private final SecretLookup secrets;
  private final ComputeClient compute;
  private final InstantSource clock;
  private final List<Hop> hops = new ArrayList<>();

  JobRun(JobMessage job, SecretLookup secrets, ComputeClient compute, InstantSource clock) {
    this.job = job;
    this.secrets = secrets;
    this.compute = compute;
    this.clock = clock;
  }

  /**
   * Runs the attempt and returns its outcome.
   *
   * @param taken when the delivery arrived, before its signature was checked
   */
  JobOutcome outcome(Instant taken) {
    hops.add(new Hop(Station.TAKEN, taken));
    pass(Station.VERIFIED);
    var verdict = verdict(secrets.find(job), true);
    return JobOutcome.of(job, verdict, List.copyOf(hops));
  }

  private Verdict verdict(SecretLookup.Answer lookedUp, boolean mayLookUpAgain) {
    return switch (lookedUp) {
      case SecretLookup.Found found -> call(found, mayLookUpAgain);
      // Clocks differ: if the job is in flight after all, web-app retries it.
      case SecretLookup.NotInFlight late ->
          new Deferred(ProblemCode.NOT_FOUND.wire(), "The job was not in flight.", null);
      case SecretLookup.NoKey none ->
          new Failed(
              ProblemCode.NO_KEY.wire(),
              "Issue a new managed key for this environment, then retry the job.");
      case SecretLookup.Unreachable unreachable ->
          new Deferred(ProblemCode.UNAVAILABLE.wire(), unreachable.reason(), null);
    };
  }

  private Verdict call(SecretLookup.Found found, boolean mayLookUpAgain) {
    var key = found.key();
    pass(Station.KEY_FOUND);
    try (var keyId = MDC.putCloseable("key_id", key.keyId())) {
      var asked = clock.instant();
      var answer = compute.call(key, job, found.jobToken());
      var answered = clock.instant();
      if (answer instanceof ComputeAnswer.Done done && done.times() != null) {
        passAtCompute(asked, answered, done.times());
      }
      if (!(answer instanceof ComputeAnswer.TokenNeeded)) {
        hops.add(new Hop(Station.ANSWERED, answered));
      }
      return switch (answer) {
        case ComputeAnswer.Done done -> new Succeeded(done.units(), key.keyId(), done.replayed());
        case ComputeAnswer.Started started -> new Started();
        case ComputeAnswer.Refused refused -> new Failed(refused.code(), refused.detail());
        case ComputeAnswer.Unavailable later ->
            new Deferred(later.code(), later.detail(), later.retryAfterSeconds());
        case ComputeAnswer.KeyRefused refused -> refused(key, mayLookUpAgain);
        case ComputeAnswer.TokenNeeded needed ->
            mayLookUpAgain
                ? verdict(secrets.findAnew(job), false)
                : new Deferred(
                    ProblemCode.JOB_TOKEN_REQUIRED.wire(),
                    "The engine needs a token, and the key look-up gave none.",
                    null);
      };
    }
  }

  /** Looks the key up once more: it may have been rotated or revoked since the last look-up. */
  private Verdict refused(ManagedKey key, boolean mayLookUpAgain) {
    secrets.forget(job, key);
    return mayLookUpAgain
        ? verdict(secrets.find(job), false)
        : new Deferred(
            ProblemCode.KEY_INVALID.wire(),
            "The compute server refused the user's key twice.",
            null);
  }

  /**
   * Adds the hops at compute-server by this process's clock. The part of the call that
   * compute-server does not report was spent on the network, half of it each way.
   */
  private void passAtCompute(Instant asked, Instant answered, ComputeAnswer.Times times) {
    var onTheWay = Duration.between(asked, answered).minus(times.all());
    if (onTheWay.isNegative()) {
      return;
    }
    var received = asked.plus(onTheWay.dividedBy(2));
    var computed = received.plus(times.waited()).plus(times.engine());
    hops.add(new Hop(Station.RECEIVED, received));
    hops.add(new Hop(Station.COMPUTED, computed));
    hops.add(new Hop(Station.CHARGED, computed.plus(times.charge())));
  }

  private void pass(Station station) {
    hops.add(new Hop(station, clock.instant()));
  }
}
