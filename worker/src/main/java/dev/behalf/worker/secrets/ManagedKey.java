package dev.behalf.worker.secrets;

/** A user's key in a worker's hands. Its text goes into one header and nowhere else. */
public record ManagedKey(String keyId, String key) {

  @Override
  public String toString() {
    return "ManagedKey[" + keyId + "]";
  }
}
