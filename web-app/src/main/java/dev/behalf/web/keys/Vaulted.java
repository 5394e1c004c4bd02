package dev.behalf.web.keys;

/** Secrets in a table that the {@link Vault} has encrypted. */
public interface Vaulted {

  /** Encrypts some of those anew that another master key opens; says how many. */
  int rewrap(int limit);

  /** How many still open with another master key. */
  long left();
}
