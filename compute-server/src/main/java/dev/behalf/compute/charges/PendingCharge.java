package dev.behalf.compute.charges;

import dev.behalf.compute.ledger.Ledger;
import dev.behalf.compute.quota.Account;
import dev.behalf.compute.quota.Holds;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.contract.Environment;
import dev.behalf.contract.Period;
import dev.behalf.server.apikeys.KeyHolder;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A computed result that is still to be saved and charged.
 *
 * @param version the version of the operation
 * @param isPinned whether the caller has named the version; a direct call gets the current one
 * @param fingerprint the fingerprint of the input; a job is the same only with the same input in
 *     the same environment
 * @param originKeyId the id of the user's key that queued the job, as sent by a worker; null
 *     without one
 */
public record PendingCharge(
    KeyHolder holder,
    String operation,
    int version,
    boolean isPinned,
    byte[] fingerprint,
    SavedResult result,
    @Nullable String originKeyId) {

  public PendingCharge with(String json) {
    return with(json, result.units());
  }

  public PendingCharge with(String json, long units) {
    var saved = new SavedResult(result.jobId(), json, units, false);
    return new PendingCharge(holder, operation, version, isPinned, fingerprint, saved, originKeyId);
  }

  /** Returns whether a saved result answers this call: it has the same input and version. */
  boolean isSameWork(Results.Found earlier) {
    return Arrays.equals(fingerprint, earlier.fingerprint())
        && (!isPinned || version == earlier.version());
  }

  /** Returns the approximate memory that the charge takes until it is stored, in bytes. */
  int bytes() {
    return 1_000 + 2 * result.result().length();
  }

  /** The key of a result: user, job and environment together, never the job alone. */
  record Ref(UUID userId, UUID jobId, Environment environment) {}

  Ref ref() {
    return new Ref(holder.userId(), result.jobId(), holder.environment());
  }

  /** Returns the charge as the ledger keeps it. */
  Ledger.Charge entry(Period period) {
    return new Ledger.Charge(
        holder.userId(),
        result.jobId(),
        holder.environment(),
        period.name(),
        operation,
        version,
        result.units(),
        holder.keyId(),
        originKey());
  }

  /** Returns the job as units are held for it. */
  public Holds.Work work() {
    return new Holds.Work(account(), result.jobId(), operation, version, fingerprint);
  }

  public Account account() {
    return new Account(holder.userId(), holder.environment());
  }

  /**
   * Returns the id of the key that queued the job; empty for none. Only a worker's key can name
   * one.
   */
  String originKey() {
    return holder.isManaged() && originKeyId != null ? originKeyId : "";
  }

  /** Returns the key whose daily cap is charged: the user's key, not the worker's. */
  KeyCaps.Key cappedKey() {
    return new KeyCaps.Key(holder.userId(), originKey().isEmpty() ? holder.keyId() : originKey());
  }

  /**
   * Returns whether a cap may apply: a direct call knows the cap of its own key, a worker does not
   * know that of the user's key.
   */
  boolean mayBeCapped() {
    return holder.isManaged() ? originKeyId != null : holder.dailyCap() != null;
  }
}
