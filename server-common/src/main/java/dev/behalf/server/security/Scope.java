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
 * What may be done in a user's name. A user has a set of them; a key or an application has some of
 * that set, and never more.
 */
public enum Scope implements WireName {
  JOBS_READ("See jobs and their results"),
  JOBS_WRITE("Queue and cancel jobs, which costs units"),
  USAGE_READ("See how many units are used and left"),
  KEYS_READ("See API keys, though not their secrets"),
  KEYS_WRITE("Issue, rotate and revoke API keys"),
  WEBHOOKS_READ("See webhooks and what was sent to them"),
  WEBHOOKS_WRITE("Say where news of jobs is sent to"),

  /** Of operators, in the browser only: see {@link #GRANTABLE}. */
  OPS_READ("See how the whole installation is doing"),
  OPS_WRITE("Change queues, shares, quotas and accounts of others");

  /** What a key or an application may have. The rest opens pages to a person who is signed in. */
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

  private final String sentence;

  Scope(String sentence) {
    this.sentence = sentence;
  }

  /** As in keys, tokens and tables: {@code jobs:read}. */
  @Override
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', ':');
  }

  /** For the person who grants it. */
  public String sentence() {
    return sentence;
  }

  /**
   * Reads {@link #wire}.
   *
   * @throws IllegalArgumentException for any other word
   */
  @JsonCreator
  public static Scope of(String wire) {
    return WireName.find(Scope.class, wire)
        .orElseThrow(() -> new IllegalArgumentException("There is no such scope."));
  }

  /** Reads words with a space between; words that are no scope are left out. */
  public static Set<Scope> parse(String words) {
    var given = new HashSet<>(List.of(words.strip().split("\\s+")));
    return Arrays.stream(values())
        .filter(scope -> given.contains(scope.wire()))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
  }

  /** What both sides have. */
  public static Set<Scope> both(Collection<Scope> one, Collection<Scope> other) {
    return one.stream()
        .filter(other::contains)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
  }

  /** The opposite of {@link #parse}, always in the same order. */
  public static String format(Collection<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::wire).collect(Collectors.joining(" "));
  }
}
