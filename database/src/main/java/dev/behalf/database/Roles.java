package dev.behalf.database;

/**
 * Three database roles: one migrates and owns, two have only the grants they need. The worker has
 * none.
 */
public record Roles(Login owner, Login web, Login compute) {

  public record Login(String name, String password) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What a login's names may begin with: roles belong to a server, which installations share. */
  private static final String PREFIX = "[a-z][a-z0-9_]{0,30}|";

  /**
   * The roles by their usual names.
   *
   * @param prefix of the names, such as {@code staging_}; empty where nobody shares the server
   */
  public static Roles named(String prefix, String owner, String web, String compute) {
    if (!prefix.matches(PREFIX)) {
      throw new DatabaseRefused(
          "A prefix of roles is up to 31 small letters, digits and underscores, a letter first.");
    }
    return new Roles(
        new Login(prefix + "behalf_owner", owner),
        new Login(prefix + "behalf_web", web),
        new Login(prefix + "behalf_compute", compute));
  }
}
