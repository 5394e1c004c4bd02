package dev.behalf.compute.jobs;

import dev.behalf.compute.quota.Account;
import dev.behalf.compute.quota.KeyCaps;
import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyHolder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A computed result that is to be saved and charged.
 *
 * @param fingerprint of the input: the same job is the same input in the same environment
 * @param originKeyId of the key that asked a worker for it, if one did
 */
record PendingCharge(
    KeyHolder holder,
    String operation,
    byte[] fingerprint,
    SavedResult result,
    @Nullable String originKeyId) {

  PendingCharge with(String json) {
    var saved = new SavedResult(result.jobId(), json, result.units(), false);
    return new PendingCharge(holder, operation, fingerprint, saved, originKeyId);
  }

  /** About what it takes in memory until it is stored. */
  int bytes() {
    return 1_000 + 2 * result.result().length();
  }

  /** Results are found by user, job and environment together, never by job alone. */
  record Ref(UUID userId, UUID jobId, Environment environment) {}

  Ref ref() {
    return new Ref(holder.userId(), result.jobId(), holder.environment());
  }

  Account account() {
    return new Account(holder.userId(), holder.environment());
  }

  /** Of the key that asked a worker: only a worker's key can say so. Empty for none. */
  String originKey() {
    return holder.isManaged() && originKeyId != null ? originKeyId : "";
  }

  /** The key whose daily cap counts: that of the user who asked, not the worker's. */
  KeyCaps.Key cappedKey() {
    return new KeyCaps.Key(holder.userId(), originKey().isEmpty() ? holder.keyId() : originKey());
  }

  /** Whether there can be a cap at all: a key that came itself has said whether it has one. */
  boolean mayBeCapped() {
    return holder.isManaged() ? originKeyId != null : holder.dailyCap() != null;
  }
}
