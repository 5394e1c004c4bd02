package dev.behalf.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;

/**
 * Parts that a machine may lack. A test that needs one is skipped without it, but fails where
 * BEHALF_REQUIRE names it, as it does in CI.
 */
public final class Required {

  private Required() {}

  /** The part, or the end of this test. */
  public static <T> T orSkip(String part, Optional<T> found) {
    var required = List.of(System.getenv().getOrDefault("BEHALF_REQUIRE", "").split(",", -1));
    if (found.isEmpty() && required.contains(part)) {
      throw new AssertionError("BEHALF_REQUIRE names " + part + ", and it is not here.");
    }
    assumeTrue(found.isPresent(), "there is no " + part + " on this machine");
    return found.orElseThrow();
  }
}
