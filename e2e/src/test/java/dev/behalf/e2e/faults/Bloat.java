package dev.behalf.e2e.faults;

import java.sql.Connection;
import java.sql.SQLException;

/** Dead rows of the tables that are written most. */
final class Bloat {

  private Bloat() {}

  static String of(Connection database) throws SQLException {
    try (var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                """
                select string_agg(format('%s %s rows, %s dead, %s MiB', relname, n_live_tup, n_dead_tup,
                                         pg_total_relation_size(relid) >> 20), '; ' order by relname)
                from pg_stat_user_tables where relname in ('jobs', 'lanes', 'results', 'ledger', 'quota')
                """)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
