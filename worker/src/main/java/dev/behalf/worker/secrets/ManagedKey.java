package dev.behalf.worker.secrets;

/** A user's managed key in the worker. The key goes into one header and nowhere else. */
public record ManagedKey(String keyId, String key) {

  @Override
  public String toString() {
    return "ManagedKey[" + keyId + "]";
  }
}
