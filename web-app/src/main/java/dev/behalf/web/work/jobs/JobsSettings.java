package dev.behalf.web.work.jobs;

import dev.behalf.contract.CallLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings under {@code behalf.jobs}.
 *
 * @param window most jobs of an environment in flight, at the broker or at workers
 * @param waiting most of those jobs that wait at the broker for a worker; a round is worthwhile
 *     once half of this is free
 * @param windowBytes most bytes of payloads in flight in an environment
 * @param roundBytes most bytes of payloads in one round
 * @param perUser most jobs of one user in flight, in each pool
 * @param lease time without an outcome after which a dispatched job is queued again
 * @param maxAttempts number of attempts after which a job fails
 * @param callTimeout time that workers wait for compute-server's answer; equal to the workers' own
 *     setting
 * @param consumerTimeout time after which RabbitMQ delivers an unacknowledged message to another
 *     worker
 * @param firstRetry greatest random pause after the first failed attempt; the bound doubles with
 *     each attempt, up to {@code slowestRetry}
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
