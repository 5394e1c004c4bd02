package dev.behalf.web.keys;

import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * For operators, on their port: encrypts secrets anew after the master key was replaced. Each call
 * takes some of those that are left, in one transaction, so it can be interrupted and gone on with;
 * when none is left the old master key can be dropped.
 */
@Component
@Endpoint(id = "masterkeys")
class MasterKeys {

  private static final int BATCH = 200;

  private final Vault vault;
  private final List<Vaulted> all;

  MasterKeys(Vault vault, List<Vaulted> all) {
    this.vault = vault;
    this.all = all;
  }

  /**
   * How far it is.
   *
   * @param masterKeyId the one that encrypts now
   * @param left ciphertexts that still open with another one
   */
  record Progress(String masterKeyId, long rewrapped, long left) {}

  @ReadOperation
  Progress progress() {
    return new Progress(vault.masterKeyId(), 0, left());
  }

  @WriteOperation
  @Transactional
  public Progress rewrap() {
    var rewrapped = all.stream().mapToInt(secrets -> secrets.rewrap(BATCH)).sum();
    return new Progress(vault.masterKeyId(), rewrapped, left());
  }

  private long left() {
    return all.stream().mapToLong(Vaulted::left).sum();
  }
}
