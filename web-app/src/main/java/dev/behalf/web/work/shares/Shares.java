package dev.behalf.web.work.shares;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.server.sql.Timestamps;
import dev.behalf.web.site.UuidV7;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.crypto.LinkTokens;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.site.security.Permissions;
import dev.behalf.web.work.jobs.Job;
import dev.behalf.web.work.jobs.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The share links of jobs. Only the hash of a link's token is stored. A link opens one job until it
 * expires, until its owner revokes it, or until the owner may no longer read jobs.
 */
@Component
class Shares {

  /** Links of one job that can work at the same time. */
  static final int MOST = 10;

  private final JdbcClient database;
  private final Jobs jobs;
  private final Permissions permissions;
  private final AuditLog audit;
  private final InstantSource clock;

  Shares(
      JdbcClient database,
      Jobs jobs,
      Permissions permissions,
      AuditLog audit,
      InstantSource clock) {
    this.database = database;
    this.jobs = jobs;
    this.permissions = permissions;
    this.audit = audit;
    this.clock = clock;
  }

  /** A link without its token, which is not stored. */
  record Share(UUID id, Instant createdAt, Instant expiresAt) {}

  /** A job that a link has opened. */
  record SharedJob(Job job, Instant expiresAt) {}

  /** Returns the links of a job that work, the newest first. */
  List<Share> list(UUID userId, UUID jobId) {
    return database
        .sql(
            """
            select id, created_at, expires_at from jobs.shares
            where user_id = ? and job_id = ? and expires_at > ? order by id desc
            """)
        .params(userId, jobId, Timestamps.of(clock.instant()))
        .query(
            (row, index) ->
                new Share(
                    row.getObject("id", UUID.class),
                    Timestamps.instant(row, "created_at"),
                    Timestamps.instant(row, "expires_at")))
        .list();
  }

  /**
   * Creates a link to a job and returns its token, which cannot be shown again.
   *
   * @throws Problem if the job has {@value #MOST} links already
   */
  @Transactional
  String create(Caller caller, UUID jobId, Duration life) {
    var token = LinkTokens.next();
    var now = clock.instant();
    var until = now.plus(life);
    // The lock makes requests that arrive together count each other's links.
    var locked =
        database
            .sql("select true from jobs.jobs where user_id = ? and id = ? for no key update")
            .params(caller.userId(), jobId)
            .query(Boolean.class)
            .optional();
    if (locked.isEmpty()) {
      throw Problem.notFound();
    }
    if (list(caller.userId(), jobId).size() >= MOST) {
      throw new Problem(
              ProblemCode.PAYLOAD_INVALID, "This job has 10 share links: revoke one first.")
          .inWords("shares.fault.most", MOST);
    }
    database
        .sql(
            """
            insert into jobs.shares (user_id, job_id, id, hash, created_at, expires_at)
            values (:user, :job, :id, :hash, :now, :until)
            """)
        .param("user", caller.userId())
        .param("job", jobId)
        .param("id", UuidV7.at(now))
        .param("hash", LinkTokens.hash(token))
        .param("now", Timestamps.of(now))
        .param("until", Timestamps.of(until))
        .update();
    audit.write(
        caller.userId(),
        caller.actor(),
        "job.shared",
        jobId.toString(),
        Map.of("until", until.toString()));
    return token;
  }

  /** Revokes a link; one that has ended already is left alone. */
  @Transactional
  void revoke(Caller caller, UUID jobId, UUID id) {
    var revoked =
        database
            .sql("delete from jobs.shares where user_id = ? and job_id = ? and id = ?")
            .params(caller.userId(), jobId, id)
            .update();
    if (revoked > 0) {
      audit.write(caller.userId(), caller.actor(), "job.unshared", jobId.toString(), Map.of());
    }
  }

  /** Returns the job that a link opens; empty if there is no such link or it has ended. */
  Optional<SharedJob> find(String token) {
    if (token.length() != LinkTokens.LENGTH) {
      return Optional.empty();
    }
    record Row(UUID userId, UUID jobId, Instant expiresAt) {}
    return database
        .sql(
            "select user_id, job_id, expires_at from jobs.shares where hash = ? and expires_at > ?")
        .params(LinkTokens.hash(token), Timestamps.of(clock.instant()))
        .query(
            (row, index) ->
                new Row(
                    row.getObject("user_id", UUID.class),
                    row.getObject("job_id", UUID.class),
                    Timestamps.instant(row, "expires_at")))
        .optional()
        .filter(row -> permissions.of(row.userId()).contains(Scope.JOBS_READ))
        .flatMap(
            row ->
                jobs.find(row.userId(), row.jobId())
                    .map(job -> new SharedJob(job, row.expiresAt())));
  }

  @Scheduled(fixedDelayString = "10m")
  void removeExpired() {
    database
        .sql("delete from jobs.shares where expires_at < ?")
        .param(Timestamps.of(clock.instant()))
        .update();
  }
}
