package dev.behalf.standalone;

import dev.behalf.invariant.Invariant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Counts the violations of {@link Invariant}s in a whole database, as the owner of its tables. */
public final class Violations {

  private Violations() {}

  /** Returns a line for each violated invariant, such as "3 results without a charge: 2". */
  public static List<String> in(Connection database) throws SQLException {
    var lines = new ArrayList<String>();
    for (var invariant : Invariant.values()) {
      var count = count(database, invariant);
      if (count > 0) {
        lines.add(describe(invariant) + ": " + count);
      }
    }
    return lines;
  }

  static long count(Connection database, Invariant invariant) throws SQLException {
    var everything = invariant.query("'-infinity'::timestamptz", "now()");
    try (var statement = database.createStatement();
        var rows = statement.executeQuery("select count(*) from (" + everything + ") violations")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  static String describe(Invariant invariant) {
    return invariant.promise() + " " + invariant.violations();
  }
}
