package dev.behalf.server.security;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.behalf.contract.WireName;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A permission to act in a user's name. A user has a set of scopes; a key or an application has a
 * subset of it, never more.
 */
public enum Scope implements WireName {
  JOBS_READ("Read jobs and their results"),
  JOBS_WRITE("Submit and cancel jobs; jobs cost units"),
  USAGE_READ("Read usage and quota"),
  KEYS_READ("Read API keys, without their secrets"),
  KEYS_WRITE("Create, rotate and revoke API keys"),
  WEBHOOKS_READ("Read webhooks and their deliveries"),
  WEBHOOKS_WRITE("Create and change webhooks"),

  /** For platforms: see {@link #OF_PLATFORMS}. */
  USERS_READ("Read the platform's users"),
  USERS_WRITE("Create, change, disable and delete the platform's users"),
  QUOTA_WRITE("Set the quotas of the platform's users"),
  ACT_JOBS("Submit, read and cancel jobs as the platform's users"),
  ACT_KEYS("Create, rotate and revoke keys of the platform's users"),

  /** For operators, in the browser only: see {@link #GRANTABLE}. */
  OPS_READ("Read the state of the installation"),
  OPS_WRITE("Change queues, shares, quotas and accounts");

  /**
   * The scopes that a key or an application may have. The others open pages to a signed-in person.
   */
  public static final Set<Scope> GRANTABLE =
      Collections.unmodifiableSet(
          EnumSet.of(
              JOBS_READ,
              JOBS_WRITE,
              USAGE_READ,
              KEYS_READ,
              KEYS_WRITE,
              WEBHOOKS_READ,
              WEBHOOKS_WRITE));

  /**
   * The scopes that a platform may have as itself. No user, key or application has them, but for
   * those of webhooks: a platform has webhooks of its own.
   */
  public static final Set<Scope> OF_PLATFORMS =
      Collections.unmodifiableSet(
          EnumSet.of(
              WEBHOOKS_READ,
              WEBHOOKS_WRITE,
              USERS_READ,
              USERS_WRITE,
              QUOTA_WRITE,
              ACT_JOBS,
              ACT_KEYS));

  private final String sentence;

  Scope(String sentence) {
    this.sentence = sentence;
  }

  /** Returns the scope as in keys, tokens and tables: {@code jobs:read}. */
  @Override
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', ':');
  }

  /** Returns the scopes that a platform with this scope has when it acts for a user. */
  public Set<Scope> grants() {
    return switch (this) {
      case ACT_JOBS -> EnumSet.of(JOBS_READ, JOBS_WRITE, USAGE_READ);
      case ACT_KEYS -> EnumSet.of(KEYS_READ, KEYS_WRITE);
      default -> EnumSet.noneOf(Scope.class);
    };
  }

  /** Returns the description for the person who grants the scope. */
  public String sentence() {
    return sentence;
  }

  /**
   * Returns the scope of a {@link #wire} name.
   *
   * @throws IllegalArgumentException if there is no such scope
   */
  @JsonCreator
  public static Scope of(String wire) {
    return WireName.find(Scope.class, wire)
        .orElseThrow(() -> new IllegalArgumentException("Unknown scope."));
  }

  /** Reads scopes separated by white space; unknown ones are left out. */
  public static Set<Scope> parse(String words) {
    var given = new HashSet<>(List.of(words.strip().split("\\s+")));
    return Arrays.stream(values())
        .filter(scope -> given.contains(scope.wire()))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
  }

  /** Returns the intersection of two sets of scopes. */
  public static Set<Scope> both(Collection<Scope> one, Collection<Scope> other) {
    return one.stream()
        .filter(other::contains)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
  }

  /** Writes scopes for {@link #parse}, always in the same order. */
  public static String format(Collection<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::wire).collect(Collectors.joining(" "));
  }
}
