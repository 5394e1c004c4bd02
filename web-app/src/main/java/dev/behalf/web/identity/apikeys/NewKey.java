package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.Environment;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StorableText;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * The properties of a key to issue.
 *
 * @param networks addresses or CIDR ranges that the key is accepted from; empty means any
 * @param dailyCap maximum charge in units per day (UTC)
 */
public record NewKey(
    String name,
    Environment environment,
    Set<Scope> scopes,
    @Nullable Instant expiresAt,
    List<String> networks,
    @Nullable Long dailyCap) {

  private static final int MAX_NETWORKS = 20;
  private static final Pattern NAME = Pattern.compile("\\P{Cntrl}{1,80}");

  /** Matches literal addresses only, so that no host name is looked up. */
  private static final Pattern CIDR = Pattern.compile("[0-9A-Fa-f:.]{2,45}(/\\d{1,3})?");

  /**
   * Checks that such a key can be issued.
   *
   * @throws Problem about the first invalid property
   */
  void check(Instant now) {
    if (!StorableText.hasContent(name) || !NAME.matcher(name).matches()) {
      throw fault("name", "Give the key a name of 1 to 80 characters.");
    }
    if (scopes.isEmpty()) {
      throw fault("scopes", "Choose at least one scope for the key.");
    }
    if (!Scope.GRANTABLE.containsAll(scopes)) {
      throw fault("scopes", "Remove the scopes that only browser sessions can have.");
    }
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw fault("expires_at", "Choose a time in the future.");
    }
    if (dailyCap != null && dailyCap < 1) {
      throw fault("daily_cap", "Allow at least 1 unit a day, or leave the cap out.");
    }
    if (dailyCap != null && scopes.contains(Scope.KEYS_WRITE)) {
      throw fault(
          "daily_cap", "Leave the cap out of a key that may issue keys: they would not have it.");
    }
    if (networks.size() > MAX_NETWORKS) {
      throw fault("networks", "Give at most 20 networks.");
    }
    networks.forEach(NewKey::checkNetwork);
  }

  /** Returns whether one of the other networks contains the whole network. */
  static boolean isWithin(String network, List<String> others) {
    var address = network.replaceFirst("/.*", "");
    return others.stream()
        .anyMatch(
            other -> bits(other) <= bits(network) && new IpAddressMatcher(other).matches(address));
  }

  private static int bits(String network) {
    int slash = network.indexOf('/');
    return slash < 0
        ? network.contains(":") ? 128 : 32
        : Integer.parseInt(network.substring(slash + 1));
  }

  private static void checkNetwork(@Nullable String network) {
    var sentence = "Write a network as 192.0.2.0/24 or 2001:db8::/32, or an address alone.";
    if (network == null || !CIDR.matcher(network).matches()) {
      throw fault("networks", sentence);
    }
    try {
      new IpAddressMatcher(network);
    } catch (IllegalArgumentException noNetwork) {
      throw fault("networks", sentence);
    }
  }

  static Problem fault(String field, String sentence) {
    return new Problem(ProblemCode.PAYLOAD_INVALID, sentence).about(field);
  }
}
