package dev.behalf.compute.charges;

import dev.behalf.contract.Environment;
import dev.behalf.contract.Sha256;
import dev.behalf.server.apikeys.KeyHolder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Callers and their pending charges. */
final class TestCharges {

  private TestCharges() {}

  /** Returns a caller with a key of their own. */
  static KeyHolder user(
      UUID userId, Environment environment, String keyId, @Nullable Long dailyCap) {
    return new KeyHolder(userId, environment, keyId, Set.of(), false, dailyCap, null);
  }

  /** Returns a worker with the managed key of a user. */
  static KeyHolder worker(UUID userId, Environment environment) {
    return new KeyHolder(userId, environment, "managed", Set.of(), true, null, null);
  }

  static PendingCharge charge(KeyHolder holder, UUID jobId, long units) {
    return charge(holder, jobId, units, "input", null);
  }

  /** Returns a charge whose fingerprint stands for the input. */
  static PendingCharge charge(
      KeyHolder holder, UUID jobId, long units, String input, @Nullable String originKeyId) {
    return new PendingCharge(
        holder,
        "echo",
        1,
        true,
        fingerprint(input),
        new SavedResult(jobId, "{\"text\":\"" + input + "\"}", units, false),
        originKeyId);
  }

  /** Returns the result of a charge as a later call gets it. */
  static SavedResult replayed(PendingCharge charge) {
    var result = charge.result();
    return new SavedResult(result.jobId(), result.result(), result.units(), true);
  }

  /** Returns 32 bytes that differ for different inputs. */
  static byte[] fingerprint(String input) {
    return Sha256.of(input.getBytes(StandardCharsets.UTF_8));
  }
}
