package dev.behalf.web.work.jobs;

import dev.behalf.contract.CallLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings under {@code behalf.jobs}.
 *
 * @param window how many jobs of an environment may be at the broker or at workers at once
 * @param waiting how many of them may wait there for a worker; half of it is worth a round
 * @param windowBytes how much their payloads may have together
 * @param roundBytes how much of that goes at once
 * @param perUser how many of them may be of one user, in each pool
 * @param lease after so long without an outcome a dispatched job is queued again
 * @param maxAttempts then a job fails that could not be computed
 * @param callTimeout how long workers wait for an answer, as their own setting says
 * @param consumerTimeout after so long RabbitMQ gives to another worker what was not acknowledged
 * @param firstRetry and {@code slowestRetry} bound the pause before another attempt
 */
@ConfigurationProperties("behalf.jobs")
public record JobsSettings(
    @DefaultValue("1000") int window,
    @DefaultValue("256") int waiting,
    @DefaultValue("4MB") DataSize windowBytes,
    @DefaultValue("2MB") DataSize roundBytes,
    @DefaultValue("100") int perUser,
    @DefaultValue("2m") Duration lease,
    @DefaultValue("20") int maxAttempts,
    @DefaultValue("1s") Duration firstRetry,
    @DefaultValue("60s") Duration slowestRetry,
    @DefaultValue("30s") Duration callTimeout,
    @DefaultValue("30m") Duration consumerTimeout) {

  public JobsSettings {
    CallLimits.requireShorter(
        "behalf.jobs.call-timeout, the workers',", callTimeout, "behalf.jobs.lease", lease);
    CallLimits.requireShorter(
        "behalf.jobs.lease",
        lease,
        "behalf.jobs.consumer-timeout, the broker's for an acknowledgement",
        consumerTimeout);
  }
}
