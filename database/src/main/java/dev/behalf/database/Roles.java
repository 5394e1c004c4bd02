package dev.behalf.database;

/**
 * The three database roles: one owns the tables and migrates them, two have only the grants they
 * need. The worker has none.
 */
public record Roles(Login owner, Login web, Login compute) {

  public record Login(String name, String password) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * The valid prefixes of role names. A prefix keeps installations on one server apart, because
   * roles belong to the server.
   */
  private static final String PREFIX = "[a-z][a-z0-9_]{0,30}|";

  /**
   * Checks a prefix.
   *
   * @throws DatabaseRefused if it is not a valid prefix
   */
  public static void requirePrefix(String prefix) {
    if (!prefix.matches(PREFIX)) {
      throw new DatabaseRefused(
          "A role prefix has up to 31 lower-case letters, digits and underscores, a letter first.");
    }
  }

  /**
   * Returns the roles with their usual names.
   *
   * @param prefix the prefix of the names, such as {@code staging_}; empty if no other installation
   *     uses the server
   */
  public static Roles named(String prefix, String owner, String web, String compute) {
    requirePrefix(prefix);
    return new Roles(
        new Login(prefix + "behalf_owner", owner),
        new Login(prefix + "behalf_web", web),
        new Login(prefix + "behalf_compute", compute));
  }
}
