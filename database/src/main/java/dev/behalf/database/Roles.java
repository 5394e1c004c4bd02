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
}
