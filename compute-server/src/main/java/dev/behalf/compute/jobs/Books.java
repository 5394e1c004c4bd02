package dev.behalf.compute.jobs;

import dev.behalf.batch.Batches;
import dev.behalf.compute.ledger.Ledger;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.compute.quota.Quota;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.Problems;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Result, charge and quota of many jobs in one transaction, each with its own verdict; a job is
 * stored with its charge, or nothing of it is.
 *
 * <p>The order of locks is that of an account's deletion, users first: neither waits for the other
 * in a circle. Whoever holds a user's quota row is alone with that user's charges, so that what is
 * read after it stays true until the commit.
 */
@Component
class Books implements DisposableBean {

  private static final int MIB = 1024 * 1024;
  private static final Batches.Bounds<Claim> BOUNDS =
      new Batches.Bounds<>(200, 10_000, 8 * MIB, 48 * MIB, Claim::bytes);

  private final JdbcClient database;
  private final TransactionTemplate transaction;
  private final Results results;
  private final Quota quota;
  private final KeyCaps caps;
  private final Ledger ledger;
  private final Batches<Claim, Verdict> batches;

  Books(
      JdbcClient database,
      TransactionTemplate transaction,
      Results results,
      Quota quota,
      KeyCaps caps,
      Ledger ledger) {
    this.database = database;
    this.transaction = transaction;
    this.results = results;
    this.quota = quota;
    this.caps = caps;
    this.ledger = ledger;
    this.batches =
        new Batches<>("books", BOUNDS, failed -> !Problems.isPassing(failed), this::write);
  }

  /** Comes back when the claim is stored, or refused. */
  Verdict enter(Claim claim) {
    try {
      return batches.add(claim).join();
    } catch (RejectedExecutionException tooMany) {
      throw Problem.busy();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /**
   * A result that another replica has stored meanwhile, at the turn of a month, is seen by the
   * second try.
   */
  private List<Verdict> write(List<Claim> claims) {
    try {
      return inTransaction(claims);
    } catch (DataIntegrityViolationException storedMeanwhile) {
      return inTransaction(claims);
    }
  }

  private List<Verdict> inTransaction(List<Claim> claims) {
    return Objects.requireNonNull(transaction.execute(status -> decideAndWrite(claims)));
  }

  private List<Verdict> decideAndWrite(List<Claim> claims) {
    var period = quota.period();
    var users = hold(claims);
    var living = claims.stream().filter(claim -> users.contains(claim.holder().userId())).toList();
    var standings =
        quota.lock(living.stream().map(Claim::account).collect(Collectors.toSet()), period);
    var capped =
        caps.read(
            living.stream()
                .filter(Claim::mayBeCapped)
                .map(Claim::cappedKey)
                .collect(Collectors.toSet()));
    var decisions =
        new Decisions(
            quota, users, standings, capped, results.find(living), results.cancelled(living));
    var verdicts = claims.stream().map(decisions::decide).toList();
    if (!decisions.accepted().isEmpty()) {
      results.insert(decisions.accepted());
      ledger.append(
          decisions.accepted().stream().map(claim -> charge(claim, period.name())).toList());
      caps.charge(decisions.capCharges());
      quota.charge(decisions.charges(), period);
    }
    return verdicts;
  }

  /** Those who still have an account; it stays until the commit. */
  private Set<UUID> hold(List<Claim> claims) {
    var users =
        claims.stream().map(claim -> claim.holder().userId()).distinct().toArray(UUID[]::new);
    return Set.copyOf(
        database
            .sql("select accounts.hold_users(:users::uuid[])")
            .param("users", users)
            .query(UUID.class)
            .list());
  }

  private static Ledger.Charge charge(Claim claim, String period) {
    return new Ledger.Charge(
        claim.holder().userId(),
        claim.result().jobId(),
        claim.holder().environment(),
        period,
        claim.operation(),
        claim.result().units(),
        claim.holder().keyId(),
        claim.originKey());
  }

  @Override
  public void destroy() {
    batches.close();
  }
}
