package dev.behalf.web.identity.apikeys;

import org.jspecify.annotations.Nullable;

/**
 * A rotation that has started.
 *
 * @param secret text of the new key; null for a managed key
 */
public record Rotated(KeyView old, KeyView successor, @Nullable String secret) {
  @Override
  public String toString() {
    return old.id() + " to " + successor.id();
  }
}
